package dev.latchkey.decision;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Knows the form of notes, and the stream they go into. */
public interface NoteWriter {

    /** The end of the stream's key in each partition. */
    String streamEnd();

    /** Makes one entry of the notes of one trip. */
    Entry entry(List<Note> notes);

    /** The notes of one trip. */
    interface Entry {

        /** What goes into the stream; the outcomes stand beside it, in the order of the notes. */
        byte[] text();

        /** The entry is in the stream, and tells what was decided about so many of its notes. */
        void appended(int decided);

        /**
         * Records the notes in another way, as Redis gave no answer: the entry may be in the stream, or not. Never fails.
         *
         * @param statuses the outcomes as statuses of HTTP, in the order of the notes: 200, 429, or 503 where nobody decided
         */
        Uni<Void> recordElsewhere(List<Integer> statuses);
    }
}
