package dev.latchkey.settlement;

import dev.latchkey.chunk.Chunk;
import dev.latchkey.chunk.ChunkCodec;
import dev.latchkey.chunk.Use;
import dev.latchkey.decision.Note;
import dev.latchkey.decision.NoteWriter;
import dev.latchkey.usage.Meter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Verifications that are decided in one trip become one chunk of the usage stream. */
@Singleton
public class UseNotes implements NoteWriter {

    /** That a credential was verified; its status is told by the decision. */
    public record UseNote(Use use) implements Note {}

    private final Meter meter;

    UseNotes(Meter meter) {
        this.meter = meter;
    }

    @Override
    public String streamEnd() {
        return "usage";
    }

    @Override
    public Entry entry(List<Note> notes) {
        var chunk = Chunk.of(notes.stream().map(note -> ((UseNote) note).use()).toList());
        var text = ChunkCodec.encode(chunk);
        return new Entry() {
            @Override
            public byte[] text() {
                return text;
            }

            @Override
            public void appended(int decided) {
                meter.countAppended(decided);
            }

            @Override
            public Uni<Void> recordElsewhere(List<Integer> statuses) {
                return meter.record(decided(chunk, statuses));
            }
        };
    }

    // Under the same id: should the script have run although its answer was lost, the chunk is counted once.
    private static Chunk decided(Chunk chunk, List<Integer> statuses) {
        var uses = new ArrayList<Use>();
        for (var i = 0; i < statuses.size(); i++) {
            uses.add(chunk.uses().get(i).withStatus(statuses.get(i)));
        }
        return new Chunk(chunk.id(), uses);
    }
}
