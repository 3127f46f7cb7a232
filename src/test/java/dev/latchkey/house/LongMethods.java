package dev.latchkey.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

/** Finds methods of more than so many lines, as the compiler sees them. */
final class LongMethods {

    private LongMethods() {}

    static List<String> in(List<Path> sources, int mostLines) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            var found = new ArrayList<String>();
            for (var unit : task.parse()) {
                new Scanner(unit, Trees.instance(task), mostLines, found).scan(unit, null);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Scanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Trees trees;
        private final int mostLines;
        private final List<String> found;

        Scanner(CompilationUnitTree unit, Trees trees, int mostLines, List<String> found) {
            this.unit = unit;
            this.trees = trees;
            this.mostLines = mostLines;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            var positions = trees.getSourcePositions();
            var lines = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method))
                    - unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method))
                    + 1;
            if (lines > mostLines) {
                var file = Path.of(unit.getSourceFile().toUri()).getFileName();
                found.add(file + " " + method.getName());
            }
            return super.visitMethod(method, nothing);
        }
    }
}
