import java.io.IOException;
import java.util.stream.Stream;

/** The service's own figures, as it tells them. */
record Metrics(String text) {

    static Metrics of(Program service) throws IOException, InterruptedException {
        return new Metrics(Http.text("GET", "http://127.0.0.1:" + service.managementPort() + "/q/metrics", "", ""));
    }

    /** Over all series of that name with all of these tags. */
    long sum(String name, String... tags) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Stream.of(tags).allMatch(line::contains))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
