import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param hot tokens that hot calls are about; so few that a snapshot, which lives 30 s, is rarely loaded anew
 * @param leased the same where leases serve: a token is leased only if it is asked about often
 * @param sizes how many tokens PostgreSQL holds, one after the other
 * @param rounds of each call at each number of connections
 * @param starts of the service, to measure how long they take
 * @param paced how long one run of a constant rate takes
 * @param cold how long tokens are looked up that no replica knows
 * @param garbage how many texts that are no tokens are asked about
 * @param cached how many credentials are kept in memory, to see how much they take
 * @param limited bots of which two instances are asked for more than they may
 * @param bots how long that is done
 */
record Plan(
        int hot,
        int leased,
        List<Integer> sizes,
        List<Integer> connections,
        int rounds,
        Duration round,
        Duration warmUp,
        int starts,
        Duration paced,
        Duration cold,
        int garbage,
        int cached,
        int limited,
        Duration bots) {

    static final Plan FULL = new Plan(
            1_000,
            100,
            List.of(10_000, 100_000, 1_000_000),
            List.of(32, 256),
            5,
            Duration.ofSeconds(4),
            Duration.ofSeconds(25),
            5,
            Duration.ofSeconds(8),
            Duration.ofSeconds(20),
            1_000_000,
            100_000,
            100,
            Duration.ofSeconds(40));

    static final Plan QUICK = new Plan(
            200,
            50,
            List.of(1_000, 2_000, 4_000),
            List.of(32),
            1,
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            1,
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            20_000,
            1_000,
            10,
            Duration.ofSeconds(10));
}
