import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Set;

/** How many commands the run's Redis has carried out. */
final class RedisCommands {

    private static final Set<String> OURS = Set.of("cmdstat_info", "cmdstat_auth");

    private RedisCommands() {}

    /** All, but for the ones that ask for it. */
    static long count() throws IOException {
        var address = URI.create(System.getProperty("quarkus.redis.hosts"));
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            var password = address.getUserInfo().substring(1);
            socket.getOutputStream().write(("AUTH " + password + "\r\nINFO commandstats\r\n").getBytes(ISO_8859_1));
            var in = new DataInputStream(socket.getInputStream());
            if (!line(in).equals("+OK")) {
                throw new Failure("Redis does not let the benchmark in");
            }
            var length = Integer.parseInt(line(in).substring(1));
            return sum(new String(in.readNBytes(length), ISO_8859_1));
        }
    }

    // Lines like: cmdstat_get:calls=21,usec=175,usec_per_call=8.33,rejected_calls=0,failed_calls=0
    private static long sum(String statistics) {
        return statistics
                .lines()
                .filter(line -> line.startsWith("cmdstat_") && !OURS.contains(line.substring(0, line.indexOf(':'))))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf("calls=") + 6, line.indexOf(','))))
                .sum();
    }

    private static String line(DataInputStream in) throws IOException {
        var text = new StringBuilder();
        for (var next = in.readByte(); next != '\n'; next = in.readByte()) {
            text.append((char) next);
        }
        return text.toString().strip();
    }
}
