package dev.latchkey.session;

import java.util.UUID;

/** What is known of a session by heart is out of date: it ended, or its user's role changed. */
record SessionEnded(UUID sessionId) {}
