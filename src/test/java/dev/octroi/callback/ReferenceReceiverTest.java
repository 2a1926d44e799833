package dev.octroi.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.call.Message;
import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.message.CallbackKey;
import dev.octroi.callback.message.MessageRenderer;
import dev.octroi.callback.message.StandardSignature;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Urgency;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.secret.Sensitive;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receiver in {@code docs/}, compiled as it stands there, takes what the gateway sends and nothing else. */
class ReferenceReceiverTest {
    private static final Path SOURCE = Path.of("docs", "receiver", "PolicyReceiver.java");
    private static final CallbackKey KEY = CallbackKey.of(new SecretKeySpec(new byte[32], "seed"));
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
    private static final Ids IDS = new Ids(() -> NOW, new SplittableRandom(3));
    private static final int TAKEN = 204;
    private static final int LOWER = 409;
    private static final int NOT_GENUINE = 401;

    private static Class<?> type;

    private final long subscription = IDS.next();
    private final List<String> enforced = new ArrayList<>();
    private Object receiver;

    @BeforeAll
    static void compile(@TempDir Path folder) throws Exception {
        Path home = Path.of(System.getProperty("octroi.home", "."));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-Werror",
                        "-d",
                        folder.toString(),
                        home.resolve(SOURCE).toString());
        assertThat(failed).isZero();
        type = new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass("PolicyReceiver");
    }

    @Test
    void whatTheGatewaySignedIsTakenInTheOrderOfVersions() throws Exception {
        open();
        assertThat(take(message(7), 0, NOW)).isEqualTo(TAKEN);
        assertThat(version()).isEqualTo(7);
        assertThat(take(message(6), 0, NOW)).as("overtaken").isEqualTo(LOWER);
        assertThat(version()).isEqualTo(7);
        assertThat(take(message(9), 0, NOW)).isEqualTo(TAKEN);
        assertThat(version()).isEqualTo(9);
    }

    @Test
    void everyFlippedByteIsRefused() throws Exception {
        open();
        Message message = message(7);
        for (int at = 0; at < message.body().length(); at++) {
            assertThat(take(message, at + 1, NOW)).isEqualTo(NOT_GENUINE);
        }
        assertThat(version()).isZero();
    }

    @Test
    void anOldMessageIsRefused() throws Exception {
        open();
        assertThat(take(message(7), 0, NOW.plusSeconds(301))).isEqualTo(NOT_GENUINE);
        assertThat(take(message(7), 0, NOW.plusSeconds(299))).isEqualTo(TAKEN);
    }

    @Test
    void whatWasLostIsTakenUnderTheVersionThatIsThereAndNoOlderOne() throws Exception {
        open();
        assertThat(take(message(7), 0, NOW)).isEqualTo(TAKEN);
        assertThat(take(message(7), 0, NOW)).isEqualTo(TAKEN);
        assertThat(enforced).hasSize(1);
        assertThat(take(message(7, true), 0, NOW)).isEqualTo(TAKEN);
        assertThat(enforced).hasSize(2);
        assertThat(take(message(6, true), 0, NOW)).isEqualTo(LOWER);
        assertThat(enforced).hasSize(2);
        assertThat(version()).isEqualTo(7);
    }

    @Test
    void whatIsInForceCanBeReadAsTheGatewayReadsIt() throws Exception {
        open();
        assertThat(state()).isEmpty();
        take(message(7), 0, NOW);
        JsonObject state = new JsonObject(state());
        assertThat(state.getLong("version")).isEqualTo(7);
        assertThat(state.getInteger("level")).isEqualTo(2);
        assertThat(state.getInteger("kbpsDown")).isEqualTo(384);
    }

    @Test
    void theDemoRunsTheVeryReceiverOfTheDocumentation() throws Exception {
        Path home = Path.of(System.getProperty("octroi.home", "."));
        Path demo = home.resolve("src/main/java/dev/octroi/cli/demo/PolicyReceiver.java");
        assertThat(Files.readString(demo).replaceFirst("package .*;\\R\\R", ""))
                .isEqualToIgnoringWhitespace(Files.readString(home.resolve(SOURCE)));
    }

    private String state() throws Exception {
        return (String)
                type.getMethod("state", String.class).invoke(receiver, PublicId.SUBSCRIPTION.format(subscription));
    }

    private void open() throws Exception {
        Consumer<String> enforcement = enforced::add;
        receiver = type.getConstructor(String.class, Consumer.class).newInstance(KEY.publicText(), enforcement);
    }

    private Message message(long version) {
        return message(version, false);
    }

    private Message message(long version, boolean repair) {
        JsonObject policy =
                new JsonObject().put("level", 2).put("kbpsDown", 384).put("reason", "plan.quota_used");
        ClaimedRow row = new ClaimedRow(
                1,
                Ids.shardOf(subscription),
                IDS.next(Ids.shardOf(subscription)),
                Stream.NETWORK,
                0,
                subscription,
                version,
                0,
                repair ? policy.put("repair", true) : policy,
                NOW,
                Urgency.DECIDED,
                1,
                true,
                null,
                null,
                null,
                null,
                null,
                null);
        return new MessageRenderer(KEY, "2.999.10")
                .network(
                        row,
                        new IdentifierSource.Identifiers(
                                Sensitive.of("8933010000000000017"), Optional.empty(), Optional.empty()),
                        NOW);
    }

    /** @param flipped number of the byte that is spoilt, from 1; 0: none */
    private int take(Message message, int flipped, Instant now) throws Exception {
        byte[] body = message.body().getBytes();
        if (flipped > 0) {
            body[flipped - 1] ^= 1;
        }
        Method take = type.getMethod("take", String.class, String.class, String.class, byte[].class, long.class);
        return (int) take.invoke(
                receiver,
                message.headers().get(StandardSignature.ID),
                message.headers().get(StandardSignature.TIMESTAMP),
                message.headers().get(StandardSignature.SIGNATURE),
                body,
                now.getEpochSecond());
    }

    private long version() throws Exception {
        return (long)
                type.getMethod("version", String.class).invoke(receiver, PublicId.SUBSCRIPTION.format(subscription));
    }
}
