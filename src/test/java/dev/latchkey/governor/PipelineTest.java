package dev.latchkey.governor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private final Pipeline pipeline = new Pipeline(2);
    private final List<Integer> done = new ArrayList<>();

    @Test
    void onlySoManyAreInItAndTheOthersFollowAsTheyCame() {
        for (var i = 1; i <= 5; i++) {
            var number = i;
            pipeline.enter(() -> done.add(number));
        }
        assertEquals(List.of(1, 2), done);
        pipeline.leave();
        assertEquals(List.of(1, 2, 3), done);
        pipeline.leave();
        pipeline.leave();
        assertEquals(List.of(1, 2, 3, 4, 5), done);
        pipeline.leave();
        pipeline.leave();
        for (var i = 6; i <= 8; i++) {
            var number = i;
            pipeline.enter(() -> done.add(number));
        }
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7), done);
    }
}
