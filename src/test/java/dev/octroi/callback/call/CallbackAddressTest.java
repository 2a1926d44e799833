package dev.octroi.callback.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names resolve as they would on this machine: literals to themselves, {@code localhost} to loopback. */
class CallbackAddressTest {
    private final CallbackAddress strict = new CallbackAddress(false, CallbackAddressTest::resolve);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://203.0.114.9/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "gopher://127.0.0.1:25/",
                "https://",
                "https:///path",
                "//example.com",
                "https://user@example.com/",
                "https://user:pass@example.com/",
                "https://example.com#@127.0.0.1/",
                "https://example.com\\@127.0.0.1/",
                "https://example.com:22/",
                "https://example.com:6379/",
                "https://localhost/",
                "https://LOCALHOST/",
                "https://localhost./",
                "https://localhost:8443/",
                "https://127.0.0.1/",
                "https://127.0.0.1:443/",
                "https://127.1/",
                "https://127.0.1/",
                "https://127.255.255.254/",
                "https://2130706433/",
                "https://017700000001/",
                "https://0177.0.0.1/",
                "https://0x7f.0.0.1/",
                "https://0x7f000001/",
                "https://0X7F000001/",
                "https://127.0.0.1./",
                "https://127.000.000.001/",
                "https://1.1.1/",
                "https://0/",
                "https://0.0.0.0/",
                "https://0.1.2.3/",
                "https://10.0.0.1/",
                "https://10.255.255.255/",
                "https://100.64.0.1/",
                "https://100.127.255.254/",
                "https://169.254.169.254/latest/meta-data/",
                "https://169.254.1.1/",
                "https://172.16.0.1/",
                "https://172.31.255.255/",
                "https://192.0.0.8/",
                "https://192.0.2.1/",
                "https://192.88.99.1/",
                "https://192.168.1.1/",
                "https://198.18.0.1/",
                "https://198.19.255.255/",
                "https://198.51.100.7/",
                "https://203.0.113.7/",
                "https://224.0.0.1/",
                "https://239.255.255.250/",
                "https://240.0.0.1/",
                "https://255.255.255.255/",
                "https://[::]/",
                "https://[::1]/",
                "https://[0:0:0:0:0:0:0:1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:7f00:1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[::127.0.0.1]/",
                "https://[64:ff9b::127.0.0.1]/",
                "https://[64:ff9b::a9fe:a9fe]/",
                "https://[64:ff9b:1::1]/",
                "https://[2002:7f00:1::]/",
                "https://[2001:0:7f00:1::]/",
                "https://[2001:db8::1]/",
                "https://[3fff::1]/",
                "https://[fc00::1]/",
                "https://[fd00::1]/",
                "https://[fe80::1]/",
                "https://[fec0::1]/",
                "https://[ff02::1]/",
                "https://[100::1]/",
                "https://[fe80::1%25lo]/",
                "https://metadata.internal/",
                "https://two-faced.example/",
                "https://nowhere.example/",
                "https://ex%61mple.com@127.0.0.1/",
                "https://①②⑦.0.0.1/",
                "https://127。0。0。1/",
                "not a url",
                ""
            })
    void privateAndDisguisedAddressesAreRefused(String url) {
        assertRefused(strict, url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/hook",
                "https://example.com:8443/hook?tenant=1",
                "https://93.184.215.14/",
                "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/"
            })
    void publicAddressesAreAllowed(String url) {
        assertThat(await(strict.check(url)).address().isLoopbackAddress()).isFalse();
    }

    @Test
    void addressThatWasCheckedIsTheOneToConnectTo() {
        List<String> answers = new ArrayList<>(List.of("93.184.215.14", "127.0.0.1"));
        CallbackAddress rebinding =
                new CallbackAddress(false, host -> Future.succeededFuture(List.of(literal(answers.removeFirst()))));
        assertThat(await(rebinding.check("https://rebind.example/")).address().getHostAddress())
                .isEqualTo("93.184.215.14");
        assertRefused(rebinding, "https://rebind.example/");
    }

    @Test
    void aNameThatNobodyAnswersForIsRefusedInTime() {
        CallbackAddress deaf = new CallbackAddress(
                false, host -> Promise.<List<InetAddress>>promise().future());
        assertThat(deaf.check("https://example.com/").toCompletionStage().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("the host cannot be resolved");
    }

    @Test
    void loopbackIsAllowedOnlyWhereTheSettingSaysSo() {
        CallbackAddress development = new CallbackAddress(true, CallbackAddressTest::resolve);
        assertThat(await(development.check("https://localhost:9999/")).address().isLoopbackAddress())
                .isTrue();
        assertRefused(development, "https://10.0.0.1/");
        assertRefused(development, "https://169.254.169.254/");
        assertRefused(development, "https://two-faced.example/");
    }

    private static void assertRefused(CallbackAddress addresses, String url) {
        assertThatThrownBy(() -> await(addresses.check(url)))
                .as(url)
                .hasCauseInstanceOf(CallbackAddress.RefusedException.class);
    }

    private static Future<List<InetAddress>> resolve(String host) {
        return switch (host) {
            case "localhost", "LOCALHOST" -> Future.succeededFuture(List.of(literal("127.0.0.1"), literal("::1")));
            case "metadata.internal" -> Future.succeededFuture(List.of(literal("169.254.169.254")));
            case "two-faced.example" -> Future.succeededFuture(List.of(literal("93.184.215.14"), literal("127.0.0.1")));
            case "example.com" -> Future.succeededFuture(List.of(literal("93.184.215.14")));
            case "nowhere.example" -> Future.failedFuture(new UnknownHostException());
            default -> Future.succeededFuture(List.of(literal(host)));
        };
    }

    private static InetAddress literal(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static <T> T await(Future<T> future) throws CompletionException {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
