package dev.latchkey.local;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.logging.Handler;

/** What tests run in a JVM of its own, to end it as they like. Prints its settings, then {@code ready}, then waits. */
public final class LocalProgram {

    private LocalProgram() {}

    public static void main(String... arguments) throws Exception {
        switch (arguments[0]) {
            case "temporary" -> print(LocalServices.temporary().settings().entrySet());
            case "kept" -> startKept();
            case "reloaded" -> startReloaded();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void startKept() {
        try {
            LocalStart.startWhatIsMissing();
        } catch (LocalProblem problem) {
            System.out.println(problem.getMessage());
            System.exit(1);
        }
        print(System.getProperties().entrySet());
    }

    // As quarkus:dev does it: the same JVM, and each time a new class loader for our classes.
    private static void startReloaded() throws Exception {
        // Until Quarkus sets logging up, this keeps every record, and with it the classes of whoever logged.
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[0]);
        System.getLogger("java.lang.ProcessBuilder").log(System.Logger.Level.DEBUG, "launched");
        var first = startInLoaderOfItsOwn();
        startInLoaderOfItsOwn();
        for (var attempt = 0; attempt < 100 && first.get() != null; attempt++) {
            System.gc();
            Thread.sleep(100);
        }
        System.out.println(first.get() == null ? "first loader is gone" : "first loader is held");
    }

    private static WeakReference<ClassLoader> startInLoaderOfItsOwn() throws ReflectiveOperationException {
        var loader = new OwnClassesLoader();
        Thread.currentThread().setContextClassLoader(loader);
        loader.loadClass(LocalStart.class.getName())
                .getMethod("startWhatIsMissing")
                .invoke(null);
        Thread.currentThread().setContextClassLoader(LocalProgram.class.getClassLoader());
        return new WeakReference<>(loader);
    }

    private static void print(Iterable<?> lines) {
        lines.forEach(System.out::println);
    }

    private static final class OwnClassesLoader extends ClassLoader {

        OwnClassesLoader() {
            super(LocalProgram.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.latchkey.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (var content = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (content == null) {
                    throw new ClassNotFoundException(name);
                }
                var bytes = content.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
