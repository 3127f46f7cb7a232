package dev.latchkey.decision;

/** What a decision is about, for whoever reads the stream of decisions. */
public interface Note {}
