package dev.latchkey.bot;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.Map;

/** A user with a bot, and what they do with it. */
public record Owner(Someone user, BotApi.Known bot) {

    private static final String BASE = "/api/user-bot";

    /** A new user, whose bot Telegram knows, and nobody else. */
    public static Owner withoutBot() {
        return new Owner(Api.newUser(), BotApi.newBot());
    }

    /** One whose bot is kept. */
    public static Owner pending() {
        var owner = withoutBot();
        owner.create().then().statusCode(201);
        return owner;
    }

    /** One whose bot is active. */
    public static Owner active() {
        var owner = pending();
        owner.verify().then().statusCode(200);
        return owner;
    }

    public Response create() {
        return create(Map.of());
    }

    public Response create(Map<String, ?> more) {
        var fields = new HashMap<String, Object>(more);
        fields.putIfAbsent("bot_token", bot.token());
        return user.calls().body(fields).post(BASE + "/create");
    }

    public Response status() {
        return user.calls().get(BASE + "/status");
    }

    /** The word of its status. */
    public String state() {
        return status().then().statusCode(200).extract().path("status");
    }

    public Response verify() {
        return user.calls().post(BASE + "/verify");
    }

    public Response verify(Map<String, ?> fields) {
        return user.calls().body(fields).post(BASE + "/verify");
    }

    public Response limit(Map<String, ?> fields) {
        return user.calls().body(fields).patch(BASE + "/rate-limits");
    }

    public Response remove() {
        return user.calls().delete(BASE + "/remove");
    }

    public Response start() {
        return user.calls().post(BASE + "/start");
    }

    public Response stop() {
        return user.calls().post(BASE + "/stop");
    }
}
