package dev.latchkey.botimport;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latchkey.api.Api;
import dev.latchkey.api.Api.Someone;
import dev.latchkey.api.ImportScript;
import dev.latchkey.api.ImportScript.Run;
import dev.latchkey.api.OtherDatabase;
import dev.latchkey.bot.Owner;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/import-s3.sh} as an operator runs it, from a database as S3 has one into the packaged service. */
@QuarkusIntegrationTest
@TestProfile(FernetKeys.class)
class S3ScriptIT {

    private static final String TABLES = """
            create table users (id serial primary key, username varchar(50) not null unique, email varchar(255) not null unique);
            create table user_bots (
                id serial primary key, user_id integer not null references users (id), bot_token text not null, bot_username varchar(255),
                bot_id bigint, telegram_api_id varchar(50), telegram_api_hash text, telegram_phone text, session_string text,
                status varchar(20) not null default 'PENDING', is_verified boolean default false, rate_limit_rps integer default 30,
                max_concurrent_requests integer default 10, total_requests bigint default 0, last_used_at timestamp, suspension_reason text,
                created_at timestamp default now(), updated_at timestamp with time zone default now())""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Someone admin = Api.NOBODY;
    private String token = "";

    @BeforeEach
    void anAdmin() {
        ImportScript.assumePrograms();
        admin = Api.newUser("admin");
        token = admin.accessToken();
    }

    private Run run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return new ImportScript("import-s3.sh", folder, List.of("gAAAA", BotLine.SESSION))
                .run(token, environment, arguments);
    }

    private static String here() {
        return "http://localhost:" + RestAssured.port;
    }

    /** Puts a bot there, whose owner has the same address as here, and another name. */
    private static Owner add(OtherDatabase s3, String columns, String values) {
        var owner = Owner.withoutBot();
        s3.execute("""
                insert into users (username, email) values ('there-%1$s', '%1$s@example.test');
                insert into user_bots (user_id, bot_token, %2$s) select id, '%3$s', %4$s from users where email = '%1$s@example.test'
                """.formatted(
                owner.user().username(), columns, FernetKeys.sealed(owner.bot().token()), values));
        return owner;
    }

    @Test
    void allBotsComeOverToTheirOwnersOnce() throws IOException, InterruptedException {
        var s3 = OtherDatabase.create("s3_whole", TABLES);
        var whole = add(
                s3,
                "telegram_api_id, telegram_api_hash, telegram_phone, session_string, status, is_verified, rate_limit_rps, total_requests, last_used_at",
                "'12345', '%s', '%s', '%s', 'ACTIVE', true, 5, 99, '2024-02-03 04:05:06'"
                        .formatted(
                                FernetKeys.sealed(BotLine.HASH),
                                FernetKeys.sealedByNewer(BotLine.PHONE),
                                FernetKeys.sealed(BotLine.SESSION)));
        var suspended = add(
                s3,
                "status, suspension_reason, bot_username, session_string",
                "'suspended', E'Sp\\u00E4m \"x\"', '@a_bot', ''");
        var bare = add(s3, "is_verified", "null");
        var from = Map.of("S3_DATABASE", s3.url());
        assertEquals(new Run(0, "3 bots: 3 can be imported, 0 here already\n"), run(from, "--dry-run", here()));
        whole.status().then().statusCode(404);
        var imported = run(from, here() + "/");
        assertEquals(0, imported.status(), imported.output());
        assertTrue(imported.output().endsWith("3 bots: 3 imported, 0 here already\n"), imported.output());
        var again = run(s3.variables(), here());
        assertTrue(again.output().endsWith("3 bots: 0 imported, 3 here already\n"), again.output());
        whole.status()
                .then()
                .body("status", equalTo("active"))
                .body("rate_limit_rps", equalTo(5))
                .body("total_requests", equalTo(99))
                .body("last_used_at", equalTo("2024-02-03T04:05:06Z"));
        whole.user().calls().post("/api/user-bot/call/getMe").then().statusCode(200);
        suspended
                .status()
                .then()
                .body("status", equalTo("suspended"))
                .body("suspension_reason", equalTo("Sp\u00E4m \"x\""))
                .body("bot_username", equalTo("a_bot"));
        assertEquals("pending", bare.state());
        // What was looked through for secrets is what was called.
        var called = ImportScript.called(folder);
        assertTrue(called.contains("/api/admin/bots/import") && called.contains("/s3_whole"), called);
    }

    @Test
    void oneBadRowIsNamedAndNothingIsImported() throws IOException, InterruptedException {
        var s3 = OtherDatabase.create("s3_bad", TABLES);
        var good = add(s3, "status", "'active'");
        var bad = add(s3, "telegram_phone", "'" + FernetKeys.sealedByForeign(BotLine.PHONE) + "'");
        var unknown = run(s3.variables(), "--match", "username", here());
        assertEquals(1, unknown.status(), unknown.output());
        assertTrue(unknown.output().contains("line 1.user"), unknown.output());
        var run = run(s3.variables(), here());
        assertEquals(1, run.status(), run.output());
        assertTrue(run.output().contains("line 2.telegram_phone"), run.output());
        good.status().then().statusCode(404);
        bad.status().then().statusCode(404);
    }

    @Test
    void whatCannotBeTriedIsToldApart() throws IOException, InterruptedException {
        var s3 = OtherDatabase.create("s3_none", TABLES);
        var owner = add(s3, "status", "'active'");
        assertEquals(2, run(s3.variables(), "http://localhost:1").status());
        assertEquals(2, run(s3.variables()).status());
        assertEquals(2, run(s3.variables(), here(), "--match", "id").status());
        assertEquals(2, run(Map.of("LATCHKEY_TOKEN", "a\nb"), here()).status());
        token = owner.user().accessToken();
        var refused = run(s3.variables(), here());
        assertEquals(1, refused.status(), refused.output());
        assertTrue(refused.output().contains("insufficient_role"), refused.output());
        owner.status().then().statusCode(404);
        s3.execute("alter table user_bots drop column telegram_phone");
        assertEquals(2, run(s3.variables(), here()).status());
    }
}
