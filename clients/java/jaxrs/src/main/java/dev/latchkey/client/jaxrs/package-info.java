/**
 * Guards resources of Jakarta REST with Latchkey: mark them with {@link dev.latchkey.client.jaxrs.RequiresScopes}, and give the container
 * a {@link dev.latchkey.client.LatchkeyClient}.
 */
package dev.latchkey.client.jaxrs;
