import java.io.IOException;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The service's own figures, as it tells them. */
record Metrics(String text) {

    static Metrics of(Program service) throws IOException, InterruptedException {
        return new Metrics(Http.text("GET", "http://127.0.0.1:" + service.managementPort() + "/q/metrics", "", ""));
    }

    /** Over all series of that name with all of these tags. */
    long sum(String name, String... tags) {
        return values(name, tags).mapToLong(value -> (long) value).sum();
    }

    /** Of the one series of that name with all of these tags. */
    double value(String name, String... tags) {
        var values = values(name, tags).toArray();
        if (values.length != 1) {
            throw new Failure("the service tells " + name + " " + values.length + " times, and not once");
        }
        return values[0];
    }

    private DoubleStream values(String name, String... tags) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Stream.of(tags).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
    }
}
