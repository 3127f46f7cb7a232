package dev.latchkey.platform.auditline;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * Lines that other programs read, a log category for each kind. They go to standard output as they are: wrapped as other lines are, one would cost
 * more than all else that a use costs.
 */
@Singleton
public class AuditLines {

    /** Lines of one kind. */
    public static final class Category {

        private final String name;
        private final Logger log;
        private final Optional<LineWriter> writer;
        private volatile boolean isOver;

        private Category(String name, Optional<LineWriter> writer) {
            this.name = name;
            this.log = Logger.getLogger(name);
            this.writer = writer;
        }

        /** Writes a line, unless the category is switched off. Waits for nothing. */
        public void write(UnaryOperator<AuditLine> line) {
            if (!log.isInfoEnabled()) {
                return;
            }
            var text = line.apply(new AuditLine(name)).text();
            if (writer.isPresent() && !isOver) {
                writer.get().write(text);
            } else {
                log.info(text);
            }
        }

        private void end() {
            isOver = true;
            writer.ifPresent(LineWriter::close);
        }
    }

    private final AuditLineConfig config;
    private final MeterRegistry metrics;
    private final List<Category> categories = new CopyOnWriteArrayList<>();

    AuditLines(AuditLineConfig config, MeterRegistry metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    /** To be asked for once for each name. */
    public Category category(String name) {
        var category = new Category(name, config.plain() ? Optional.of(writer(name)) : Optional.empty());
        categories.add(category);
        return category;
    }

    // Not System.out, whose lock a writer that stands still would keep.
    private LineWriter writer(String name) {
        var writer = new LineWriter(name, new FileOutputStream(FileDescriptor.out));
        FunctionCounter.builder("latchkey_audit_lines_lost", writer, LineWriter::lost)
                .tag("category", name)
                .description("Lines that found no room, or could not be written")
                .register(metrics);
        return writer;
    }

    void stop(@Observes ShutdownEvent event) {
        categories.forEach(Category::end);
    }
}
