package dev.latchkey.platform.http;

/**
 * What happens to a request before its resource, in this order. The first block runs on every path, on the event loop,
 * before routing (a higher number runs earlier); the second on the routes of the API (a lower number runs earlier).
 */
public final class FilterOrder {

    /** What an endpoint that ends says on each of its answers. */
    public static final int ENDING = 895;

    public static final int HOT_PATH = 910;
    public static final int REQUEST = 900;

    public static final int AUTHENTICATE = 1000;
    public static final int LIMIT = 2000;
    public static final int AUTHORISE = 3000;

    /** On the way back, before the answer leaves. */
    public static final int METER = 1000;

    private FilterOrder() {}
}
