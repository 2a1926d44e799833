package dev.octroi.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way we know to make a token mean something else. Each forgery starts from a token that is accepted. */
class TokenVerifierTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TokenRules RULES = TokenRules.of(Optional.empty(), Duration.ofMinutes(10));

    private static Vertx vertx;

    @TempDir
    Path data;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource clock = now::get;
    private SigningKeys keys;
    private TokenIssuer issuer;
    private TokenVerifier verifier;

    /** One attack: what it does to header and claims, to their text, and to the finished token. */
    private record Attack(
            String name,
            Consumer<JsonObject> header,
            Consumer<JsonObject> claims,
            UnaryOperator<String> headerText,
            UnaryOperator<String> claimsText,
            UnaryOperator<String> token) {
        static Attack header(String name, Consumer<JsonObject> change) {
            return new Attack(name, change, json -> {}, text -> text, text -> text, token -> token);
        }

        static Attack claims(String name, Consumer<JsonObject> change) {
            return new Attack(name, json -> {}, change, text -> text, text -> text, token -> token);
        }

        static Attack headerText(String name, UnaryOperator<String> change) {
            return new Attack(name, json -> {}, json -> {}, change, text -> text, token -> token);
        }

        static Attack claimsText(String name, UnaryOperator<String> change) {
            return new Attack(name, json -> {}, json -> {}, text -> text, change, token -> token);
        }

        static Attack token(String name, UnaryOperator<String> change) {
            return new Attack(name, json -> {}, json -> {}, text -> text, text -> text, change);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @BeforeEach
    void open() throws Exception {
        keys = SigningKeys.open(data, clock, RANDOM);
        issuer = new TokenIssuer(keys, RULES, clock, RANDOM);
        verifier = new TokenVerifier(vertx, keys, RULES, clock);
    }

    static Stream<Attack> attacks() {
        List<Attack> all = new ArrayList<>();
        // The header: another algorithm, another key source, extensions nobody asked for.
        for (String algorithm : List.of("none", "None", "HS256", "RS256", "ES384", "ES256K", "EdDSA", "es256", "")) {
            all.add(Attack.header("alg " + algorithm, header -> header.put("alg", algorithm)));
        }
        all.add(Attack.header("alg missing", header -> header.remove("alg")));
        all.add(Attack.header("alg a number", header -> header.put("alg", 256)));
        for (String name :
                List.of("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip", "cty", "enc", "x")) {
            all.add(Attack.header(name + " present", header -> header.put(name, new JsonArray().add("a"))));
            all.add(Attack.header(name + " null", header -> header.putNull(name)));
        }
        for (String type : List.of("JWT", "jwt", "AT+JWT", "application/at+jwt", "")) {
            all.add(Attack.header("typ " + type, header -> header.put("typ", type)));
        }
        all.add(Attack.header("typ missing", header -> header.remove("typ")));
        all.add(Attack.header("kid missing", header -> header.remove("kid")));
        for (String kid : List.of("../../../dev/null", "' OR 1=1 --", "a", "")) {
            all.add(Attack.header("kid " + kid, header -> header.put("kid", kid)));
        }
        all.add(Attack.headerText("alg twice", text -> text.replace("{", "{\"alg\":\"none\",")));
        all.add(Attack.headerText("header a list", text -> "[" + text + "]"));
        all.add(Attack.headerText("header with a mark", text -> "\ufeff" + text));
        all.add(Attack.headerText("header followed by more", text -> text + "{}"));
        all.add(Attack.headerText("header too deep", text -> text.replace("{", "{\"x\":[[[[[1]]]]],")));
        // The claims: missing, null, of another type, out of range, twice.
        for (String name : List.of("iss", "aud", "sub", "exp", "iat", "jti", "tenant", "scope")) {
            all.add(Attack.claims(name + " missing", claims -> claims.remove(name)));
            all.add(Attack.claims(name + " null", claims -> claims.putNull(name)));
            all.add(Attack.claims(name + " an object", claims -> claims.put(name, new JsonObject().put("a", 1))));
            all.add(Attack.claims(
                    name + " a list", claims -> claims.put(name, new JsonArray().add(claims.getValue(name)))));
            all.add(Attack.claims(name + " true", claims -> claims.put(name, true)));
        }
        for (String name : List.of("exp", "iat", "tenant")) {
            all.add(Attack.claims(
                    name + " a text",
                    claims -> claims.put(name, claims.getValue(name).toString())));
            all.add(Attack.claims(name + " negative", claims -> claims.put(name, -1)));
            all.add(Attack.claims(name + " a fraction", claims -> claims.put(name, 1.5)));
        }
        for (String name : List.of("iss", "aud", "sub", "jti", "scope")) {
            all.add(Attack.claims(name + " a number", claims -> claims.put(name, 1)));
            all.add(Attack.claims(name + " empty", claims -> claims.put(name, "")));
        }
        all.add(Attack.claimsText("exp 1e400", text -> text.replaceFirst("\"exp\":\\d+", "\"exp\":1e400")));
        all.add(Attack.claimsText("exp 1e10", text -> text.replaceFirst("\"exp\":\\d+", "\"exp\":1e10")));
        all.add(Attack.claimsText(
                "exp beyond 64 bits", text -> text.replaceFirst("\"exp\":\\d+", "\"exp\":18446744073709551616")));
        all.add(Attack.claimsText("exp NaN", text -> text.replaceFirst("\"exp\":\\d+", "\"exp\":NaN")));
        all.add(Attack.claimsText("sub twice", text -> text.replaceFirst("\\{", "{\"sub\":\"admin\",")));
        all.add(Attack.claimsText("claims followed by more", text -> text + " {}"));
        all.add(Attack.claimsText("claims with a comment", text -> "{/**/" + text.substring(1)));
        all.add(Attack.claimsText("claims like UTF-32", text -> "{\0\0\0\"\u007f\u007f\u007f"));
        all.add(Attack.claimsText("claims not UTF-8", text -> text.replace("reseller", "\u00ff")));
        all.add(Attack.claims("expired", claims -> move(claims, -10 * 60 - 61)));
        all.add(Attack.claims("issued in the future", claims -> move(claims, 62)));
        all.add(Attack.claims("lives 16 minutes", claims -> claims.put("exp", claims.getLong("iat") + 960)));
        all.add(Attack.claims("ends before it begins", claims -> claims.put("exp", claims.getLong("iat") - 1)));
        all.add(Attack.claims("not valid yet", claims -> claims.put("nbf", claims.getLong("exp"))));
        all.add(Attack.claims("other issuer", claims -> claims.put("iss", "https://octroi.localhost.evil")));
        all.add(Attack.claims("other audience", claims -> claims.put("aud", "octroi-api2")));
        for (String scope : List.of(
                "plans:read  orders:read",
                " plans:read",
                "plans",
                "PLANS:READ",
                "plans:read,orders:read",
                "plans:read\torders:read",
                "*:*")) {
            all.add(Attack.claims("scope '" + scope + "'", claims -> claims.put("scope", scope)));
        }
        all.add(Attack.claims("targets a text", claims -> claims.put("targets", "zone")));
        all.add(Attack.claims("cnf a text", claims -> claims.put("cnf", "x")));
        all.add(Attack.claims(
                "cnf with another member",
                claims -> claims.put("cnf", new JsonObject().put("jkt", "x").put("x5t#S256", "y"))));
        all.add(Attack.claims("subscription a number", claims -> claims.put("subscription", 5)));
        // The token: parts, padding, alphabet, signature forms.
        all.add(Attack.token("padding", token -> token + "="));
        all.add(Attack.token("blank before", token -> " " + token));
        all.add(Attack.token("line feed after", token -> token + "\n"));
        all.add(Attack.token("two parts", token -> token.substring(0, token.lastIndexOf('.'))));
        all.add(Attack.token("four parts", token -> token + ".e30"));
        all.add(Attack.token("no signature", token -> token.substring(0, token.lastIndexOf('.') + 1)));
        all.add(Attack.token("a megabyte", token -> token + "A".repeat(1 << 20)));
        all.add(Attack.token("standard alphabet", token -> token.replaceFirst("^(.{20}).", "$1+")));
        all.add(Attack.token("unused bits set", TokenVerifierTest::setUnusedBits));
        all.add(Attack.token("signature of zeros", token -> resign(token, new byte[64])));
        all.add(Attack.token("signature too short", token -> resign(token, new byte[63])));
        all.add(Attack.token("signature in DER", token -> resign(token, der(signature(token)))));
        all.add(Attack.token("signature flipped", token -> {
            byte[] signature = signature(token);
            signature[10] ^= 1;
            return resign(token, signature);
        }));
        all.add(Attack.token("empty", token -> ""));
        all.add(Attack.token("dots", token -> ".."));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void forgedOrOddTokenIsRefused(Attack attack) {
        assertThat(verify(write(json -> {}, json -> {}, text -> text, text -> text)))
                .isNotNull();
        String token =
                attack.token().apply(write(attack.header(), attack.claims(), attack.headerText(), attack.claimsText()));
        assertRefused(verifier, token);
    }

    @Test
    void unsignedAndHmacTokensWithThePublicKeyAreRefused() throws Exception {
        String content = content(new JsonObject()
                .put("alg", "HS256")
                .put("kid", keys.active().id())
                .put("typ", "at+jwt"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(keys.active().publicJwk().encode().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertRefused(
                verifier, content + "." + Base64Url.encode(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII))));
        assertRefused(
                verifier,
                content(new JsonObject()
                                .put("alg", "none")
                                .put("kid", keys.active().id())
                                .put("typ", "at+jwt")) + ".");
    }

    @Test
    void keyOfAStrangerIsRefusedAlsoUnderOurKeyId() throws Exception {
        SigningKey stranger = SigningKey.generate(RANDOM, START);
        for (String keyId : List.of(stranger.id(), keys.active().id())) {
            String content = content(
                    new JsonObject().put("alg", "ES256").put("kid", keyId).put("typ", "at+jwt"));
            assertRefused(
                    verifier,
                    content + "." + Base64Url.encode(stranger.sign(content.getBytes(StandardCharsets.US_ASCII))));
        }
    }

    @Test
    void goodTokenNamesItsCallerAlsoTheSecondTime() {
        String token = issuer.issue(new TokenGrant(
                7,
                "cli_0123456789abcdef",
                Set.of("orders:write", "plans:read"),
                Set.of("zone:paris"),
                OptionalLong.of(77),
                Optional.empty()));
        for (int i = 0; i < 2; i++) {
            Principal principal = verify(token);
            assertThat(principal.tenantId()).isEqualTo(7);
            assertThat(principal.subject()).isEqualTo("cli_0123456789abcdef");
            assertThat(principal.scopes()).containsExactlyInAnyOrder("orders:write", "plans:read");
            assertThat(principal.targets()).containsExactly("zone:paris");
            assertThat(principal.subscriptionId()).hasValue(77);
            assertThat(principal.expiresAt()).isEqualTo(START.plusSeconds(600));
        }
        now.set(START.plusSeconds(659));
        assertThat(verify(token)).isNotNull();
        now.set(START.plusSeconds(660));
        assertRefused(verifier, token);
    }

    @Test
    void tokensOfALeakedKeyAreRefusedAtOnce() throws Exception {
        String old = issuer.issue(TokenGrant.of(1, "x", Set.of("plans:read")));
        String leaked = keys.active().id();
        keys.replaceAll();
        assertRefused(verifier, old);
        assertThat(keys.active().id()).isNotEqualTo(leaked);
        assertThat(verify(issuer.issue(TokenGrant.of(1, "x", Set.of("plans:read")))))
                .isNotNull();
        assertThat(SigningKeys.open(data, clock, RANDOM).activeFrom()).hasSize(1);
    }

    @Test
    void leakedKeyEndsOnAnotherMachineToWhichTheFolderIsCopied(@TempDir Path machine) throws Exception {
        Path there = Files.createDirectories(machine.resolve("keys/jwt"));
        copyKeys(there);
        SigningKeys other = SigningKeys.open(machine, clock, RANDOM);
        String leaked = keys.active().id();
        assertThat(other.active().id()).isEqualTo(leaked);
        keys.replaceAll();
        copyKeys(there);
        assertThat(there.resolve(leaked + ".jwk")).exists();
        other.reload();
        assertThat(other.activeFrom()).containsOnlyKeys(keys.active().id());
        assertThat(other.published()).extracting(SigningKey::id).doesNotContain(leaked);

        for (int i = 0; i < 20; i++) {
            keys.replaceAll();
            copyKeys(there);
            other.reload();
            assertThat(other.activeFrom())
                    .as("leak %d", i)
                    .containsOnlyKeys(keys.active().id());
        }
    }

    private void copyKeys(Path there) throws Exception {
        try (Stream<Path> files = Files.list(data.resolve("keys/jwt"))) {
            for (Path file : files.toList()) {
                Files.copy(file, there.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void rotationGivesNoticeSignsAndRetires() throws Exception {
        String first = keys.active().id();
        keys.rotate();
        assertThat(keys.active().id()).isEqualTo(first);
        assertThat(keys.jwks().getJsonArray("keys")).hasSize(2);
        now.set(START.plus(Duration.ofHours(24)).minusSeconds(1));
        String old = issuer.issue(TokenGrant.of(1, "x", Set.of("plans:read")));
        now.set(START.plus(Duration.ofHours(24)).plusSeconds(1));
        String second = keys.active().id();
        assertThat(second).isNotEqualTo(first);
        assertThat(verify(old)).isNotNull();
        assertThat(verify(issuer.issue(TokenGrant.of(1, "x", Set.of("plans:read")))))
                .isNotNull();
        now.set(START.plus(Duration.ofHours(24)).plus(Duration.ofMinutes(18)));
        assertThat(keys.jwks().getJsonArray("keys"))
                .singleElement()
                .satisfies(
                        jwk -> assertThat(((JsonObject) jwk).getString("kid")).isEqualTo(second));
        keys.rotate();
        try (Stream<Path> files = Files.list(data.resolve("keys/jwt"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(2)
                    .doesNotContain(first + ".jwk");
        }
        SigningKeys other = SigningKeys.open(data, clock, RANDOM);
        assertThat(other.active().id()).isEqualTo(second);
    }

    @Test
    void keysAreForTheirOwnerOnlyAndTheSetHoldsNoSecret() throws Exception {
        Path file = data.resolve("keys/jwt").resolve(keys.active().id() + ".jwk");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(keys.jwks().encode())
                .doesNotContain("\"d\"")
                .contains("\"kid\":\"" + keys.active().id() + "\"");
    }

    private Principal verify(String token) {
        try {
            return verifier.verify(token).await(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(TokenVerifier verifier, String token) {
        assertThatThrownBy(() -> verifier.verify(token).await(10, TimeUnit.SECONDS))
                .isInstanceOf(TokenRefusedException.class);
    }

    private static JsonObject claims() {
        long second = START.getEpochSecond();
        return new JsonObject()
                .put("iss", RULES.issuer())
                .put("aud", RULES.audience())
                .put("sub", "reseller")
                .put("iat", second)
                .put("exp", second + 600)
                .put("jti", "j")
                .put("tenant", 1)
                .put("scope", "plans:read");
    }

    private static void move(JsonObject claims, long seconds) {
        claims.put("iat", claims.getLong("iat") + seconds).put("exp", claims.getLong("exp") + seconds);
    }

    private String write(
            Consumer<JsonObject> headerChange,
            Consumer<JsonObject> claimsChange,
            UnaryOperator<String> headerText,
            UnaryOperator<String> claimsText) {
        JsonObject header = new JsonObject()
                .put("alg", "ES256")
                .put("kid", keys.active().id())
                .put("typ", "at+jwt");
        headerChange.accept(header);
        JsonObject claims = claims();
        claimsChange.accept(claims);
        String content = Base64Url.encode(headerText.apply(header.encode()).getBytes(StandardCharsets.UTF_8)) + "."
                + Base64Url.encode(bytes(claimsText.apply(claims.encode())));
        return content + "." + Base64Url.encode(keys.active().sign(content.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Latin-1 where the text holds such a letter, so that the bytes are not UTF-8. */
    private static byte[] bytes(String text) {
        return text.getBytes(text.indexOf('\u00ff') >= 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static String content(JsonObject header) {
        return Base64Url.encode(header.encode().getBytes(StandardCharsets.UTF_8)) + "."
                + Base64Url.encode(claims().encode().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] signature(String token) {
        return Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1));
    }

    private static String resign(String token, byte[] signature) {
        return token.substring(0, token.lastIndexOf('.') + 1) + Base64Url.encode(signature);
    }

    /** 64 bytes are 86 characters, of which the last carries two unused bits. */
    private static String setUnusedBits(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        return token.substring(0, token.length() - 1) + alphabet.charAt(last | 1);
    }

    private static byte[] der(byte[] signature) {
        byte[] der = new byte[72];
        der[0] = 0x30;
        der[1] = 70;
        for (int i = 0; i < 2; i++) {
            int at = 2 + i * 35;
            der[at] = 2;
            der[at + 1] = 33;
            System.arraycopy(signature, i * 32, der, at + 3, 32);
        }
        return der;
    }
}
