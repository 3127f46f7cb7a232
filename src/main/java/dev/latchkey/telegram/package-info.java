/**
 * Telegram's Bot API: bot tokens as values, calls, and what their answers mean. Whether a call may go out now, and whose bot it is, is decided
 * elsewhere.
 *
 * <p>A call is a POST to {@code <url>/bot<token>/<method>}. It is sent once or not at all: {@link dev.latchkey.telegram.TelegramAnswer.Failed} says
 * whether it may have arrived. It has one deadline, from the call to the last byte of its answer; a redirect is not followed; an answer has an
 * end, and is read as JSON in UTF-8 only.
 *
 * <p>The token stands in the path, and so would stand wherever paths are written down. It does not get there:
 * <ul>
 * <li>Answers: {@link dev.latchkey.telegram.Scrub} cuts it out of the bytes before anything reads them.
 * <li>Exceptions: those of Vert.x may quote a path (its own timeout of a request does) or what a server sent. None gets out of
 * {@link dev.latchkey.telegram.Exchange}, which tells the kind of a failure alone, and has a timer of its own.
 * <li>Logs: at no level do Vert.x and Netty write down the path of a request. The head of an answer that is malformed Vert.x quotes at ERROR
 * where nobody listens to a connection's faults; here somebody does. The option that logs all traffic is off.
 * <li>Meters: what Quarkus measures of a Vert.x client has the path in the tag {@code uri}. It measures only those that have a name, and this one
 * has none. Give it none.
 * <li>Traces: there is no tracing in this service; what would be added (OpenTelemetry) takes the path as {@code url.full}, and must leave
 * this client out.
 * </ul>
 * {@code TelegramSilenceTest} keeps this: all levels of the log, all meters.
 */
@NullMarked
package dev.latchkey.telegram;

import org.jspecify.annotations.NullMarked;
