package dev.latchkey.gateways;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test opened, to be closed in the opposite order. */
final class AutoCloseables {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T one) {
        opened.push(one);
        return one;
    }

    void close() {
        for (var one : opened) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
