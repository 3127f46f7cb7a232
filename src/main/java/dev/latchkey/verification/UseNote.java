package dev.latchkey.verification;

import dev.latchkey.chunk.Use;
import dev.latchkey.decision.Note;

/** That a credential was verified; its status is told by the decision. */
record UseNote(Use use) implements Note {}
