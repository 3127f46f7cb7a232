import java.util.List;

/** One way to run the service, and what is measured of it. */
record Setup(String build, boolean isNative, boolean leases) {

    String name() {
        return build + (leases ? ", leases" : ", exact");
    }

    /** To add a call, add it here. */
    List<Call> calls() {
        return leases
                ? List.of(Call.BARE, Call.REDIS, Call.VERIFY, Call.FORWARD_AUTH)
                : List.of(
                        Call.BARE,
                        Call.REDIS,
                        Call.VERIFY,
                        Call.FORWARD_AUTH,
                        Call.INTROSPECT,
                        Call.BATCH_OF_100,
                        Call.WHOAMI);
    }
}
