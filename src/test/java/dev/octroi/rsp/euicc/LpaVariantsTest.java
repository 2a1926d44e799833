package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers may do differently, what they may not, and what the user of the phone decides. */
final class LpaVariantsTest {
    private static final Instant NOW = Instant.now();
    private static final String EID = GsmaEid.test(6);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<String> HOSTS = List.of("localhost");
    private static final LpaSettings SETTINGS = LpaSettings.standard().pausing(Duration.ofMillis(1));

    @TempDir
    static Path folder;

    private static GsmaTestPki pki;
    private static GsmaTestPki foreign;

    private VirtualEuicc card;
    private TestEs9Server server;

    @BeforeAll
    static void makePki() throws Exception {
        InstantSource clock = InstantSource.fixed(NOW.minusSeconds(60));
        pki = GsmaTestPki.open(folder.resolve("gsma"), HOSTS, clock, RANDOM);
        foreign =
                GsmaTestPki.open(folder.resolve("foreign"), GsmaCurve.P256, HOSTS, GsmaTestPki.SMDP_OID, clock, RANDOM);
    }

    @BeforeEach
    void start() throws Exception {
        newCard(CardFacts.standard());
        server = new TestEs9Server(
                new TestSmdp(pki.material(), RANDOM), pki.material().dpTls(), EID);
    }

    private void newCard(CardFacts facts) {
        card = VirtualEuicc.create(List.of(pki), EID, facts, InstantSource.fixed(NOW), RANDOM);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void linesOfBase64MayBeBroken() throws Exception {
        everyAnswer(answer -> answer.fieldNames().forEachRemaining(name -> {
            if (answer.path(name).isTextual() && !name.equals("transactionId")) {
                answer.put(name, answer.path(name).textValue().replaceAll("(.{64})", "$1\r\n"));
            }
        }));
        assertInstalls(SETTINGS);
    }

    @Test
    void transactionIdMayChangeItsCase() throws Exception {
        server.spoil.put(
                "authenticateClient",
                answer -> answer.put(
                        "transactionId",
                        answer.path("transactionId").textValue().toLowerCase(Locale.ROOT)));
        assertInstalls(SETTINGS);
    }

    @Test
    void fieldsOfNewerVersionsArePassedOver() throws Exception {
        everyAnswer(answer -> {
            answer.putArray("otherCertsInChain").add("AAAA");
            answer.putObject("rpmPending").put("x", 1);
        });
        server.headers.put("X-Admin-Protocol", "gsma/rsp/v3.0.0");
        assertInstalls(SETTINGS);
    }

    @Test
    void anyStatusOfSuccessIsSuccess() throws Exception {
        server.status = 201;
        assertInstalls(SETTINGS);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 404, 500, 503})
    void redirectionAndFailureAreRefused(int status) {
        server.status = status;
        server.headers.put("Location", "https://" + server.address() + "/elsewhere");
        assertThat(failure(SETTINGS)).hasMessageContaining("HTTP status " + status);
        assertThat(server.calls).containsExactly("initiateAuthentication");
    }

    @Test
    void endlessAnswerIsCutOff() {
        server.spoil.put("initiateAuthentication", answer -> answer.put("more", "x".repeat(5 << 20)));
        assertThat(failure(SETTINGS).source()).isEqualTo(LpaException.Source.NETWORK);
    }

    @Test
    void lenientLpaDoesNotAskForHeaders() throws Exception {
        server.headers.put("Content-Type", "text/plain");
        server.headers.put("X-Admin-Protocol", "");
        assertThat(failure(SETTINGS)).hasMessageContaining("not application/json");
        assertInstalls(SETTINGS.lenient());
    }

    @Test
    void lpaNamesItselfAndTheVersionOfItsCard() throws Exception {
        assertInstalls(SETTINGS.speaking("2.2.2"));
        assertThat(server.userAgents).containsOnly("gsma-rsp-lpad gsma/rsp/v2.2.2");
    }

    @Test
    void withoutTlsVerificationTheCardStillWantsItsOwnCi() throws Exception {
        server.close();
        server = new TestEs9Server(
                new TestSmdp(pki.material(), RANDOM), foreign.material().dpTls(), EID);
        assertThat(failure(SETTINGS).source()).isEqualTo(LpaException.Source.NETWORK);
        try (Lpa lpa = new Lpa(card, LpaTrust.ofAnybody(), SETTINGS)) {
            lpa.download(code());
        }
        assertThat(card.profiles()).hasSize(1);
        server.close();
        server = new TestEs9Server(
                new TestSmdp(foreign.material(), RANDOM), foreign.material().dpTls(), EID);
        try (Lpa lpa = new Lpa(card, LpaTrust.ofAnybody(), SETTINGS)) {
            LpaException failure = catchThrowableOfType(LpaException.class, () -> lpa.download(code()));
            assertThat(failure).hasMessageContaining("error 7");
        }
    }

    @Test
    void rulesThatTheUserDoesNotAcceptEndTheDownload() {
        server.smdp.rules = new byte[] {0x05, 0x20};
        List<ProfileOffer> shown = new ArrayList<>();
        LpaException failure = failure(SETTINGS, user(shown, false));
        assertThat(failure).hasMessageContaining("did not accept");
        assertThat(shown).containsExactly(new ProfileOffer("Octroi", "France 3 GB", EnumSet.of(PolicyRule.PPR2)));
        assertThat(server.cancelReasons).containsExactly("0");
        assertThat(server.calls).doesNotContain("getBoundProfilePackage");
    }

    @Test
    void rulesThatTheUserAcceptsAreInstalled() throws Exception {
        server.smdp.rules = new byte[] {0x05, 0x20};
        List<ProfileOffer> shown = new ArrayList<>();
        try (Lpa lpa = lpa(SETTINGS)) {
            lpa.download(ActivationCode.parse(code()), user(shown, true));
        }
        assertThat(shown).hasSize(1);
        assertThat(card.delete(TestSmdp.ICCID)).isEqualTo(3);
    }

    @Test
    void rulesThatTheCardForbidsEndTheDownloadBeforeThePackage() {
        newCard(CardFacts.standard().forbidding(EnumSet.of(PolicyRule.PPR2)));
        server.smdp.rules = new byte[] {0x05, 0x20};
        assertThat(failure(SETTINGS, user(new ArrayList<>(), true))).hasMessageContaining("does not allow");
        assertThat(server.cancelReasons).containsExactly("3");
    }

    @Test
    void withoutConfirmationCodeTheDownloadIsPostponedOrGivenUp() {
        server.smdp.codeRequired = true;
        assertThat(failure(SETTINGS, user(new ArrayList<>(), true))).hasMessageContaining("no confirmation code");
        assertThat(server.cancelReasons).containsExactly("1");
        assertThat(failure(SETTINGS)).hasMessageContaining("no confirmation code");
        assertThat(server.cancelReasons).containsExactly("1", "0");
    }

    @Test
    void codeIsAskedThreeTimesWithinOneSession() {
        server.smdp.codeRequired = true;
        server.refuseCodes = 9;
        List<Integer> attempts = new ArrayList<>();
        EndUser user = new EndUser() {
            @Override
            public Optional<String> confirmationCode(int attempt) {
                attempts.add(attempt);
                return Optional.of("wrong");
            }

            @Override
            public boolean accepts(ProfileOffer offer) {
                return true;
            }
        };
        assertThat(failure(SETTINGS, user).status()).contains("8.2.7/3.8");
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(server.calls).containsOnlyOnce("initiateAuthentication");
    }

    @Test
    void defaultSmdpIsAskedWithoutToken() throws Exception {
        try (Lpa lpa = lpa(SETTINGS)) {
            lpa.download(ActivationCode.ofDefaultSmdp(server.address()), Optional::empty);
        }
        assertThat(card.profiles()).hasSize(1);
    }

    @Test
    void whatComesAfterAnUndeliveredNotificationWaitsToo() throws Exception {
        assertInstalls(SETTINGS);
        server.failNotifications = 3;
        try (Lpa lpa = lpa(SETTINGS)) {
            lpa.enable(TestSmdp.ICCID);
            assertThat(card.notifications()).hasSize(1);
            server.failNotifications = 3;
            lpa.disable(TestSmdp.ICCID);
            assertThat(card.notifications())
                    .extracting(PendingNotification::event)
                    .containsExactly(CardEvent.ENABLE, CardEvent.DISABLE);
            assertThat(lpa.sendNotification(card.notifications().getLast())).isTrue();
            assertThat(card.notifications())
                    .extracting(PendingNotification::event)
                    .containsExactly(CardEvent.ENABLE);
        }
    }

    @Test
    void stepsAreToldAsTheyHappen() throws Exception {
        List<String> told = new ArrayList<>();
        try (Lpa lpa = lpa(SETTINGS)) {
            DownloadReport report =
                    lpa.reportingTo(step -> told.add(step.name())).download(code());
            assertThat(told)
                    .isEqualTo(report.steps().stream()
                            .map(DownloadReport.Step::name)
                            .toList());
        }
    }

    private EndUser user(List<ProfileOffer> shown, boolean accepts) {
        return new EndUser() {
            @Override
            public Optional<String> confirmationCode(int attempt) {
                return Optional.empty();
            }

            @Override
            public boolean accepts(ProfileOffer offer) {
                shown.add(offer);
                return accepts;
            }
        };
    }

    private void everyAnswer(Consumer<ObjectNode> change) {
        for (String function : List.of("initiateAuthentication", "authenticateClient", "getBoundProfilePackage")) {
            server.spoil.put(function, change);
        }
    }

    private Lpa lpa(LpaSettings settings) {
        return new Lpa(card, LpaTrust.of(card.ciCertificates()), settings);
    }

    private void assertInstalls(LpaSettings settings) throws LpaException {
        try (Lpa lpa = lpa(settings)) {
            lpa.download(code());
        }
        assertThat(card.profiles()).hasSize(1);
    }

    private LpaException failure(LpaSettings settings) {
        return failure(settings, EndUser.willing(Optional::empty));
    }

    private LpaException failure(LpaSettings settings, EndUser user) {
        try (Lpa lpa = lpa(settings)) {
            LpaException failure =
                    catchThrowableOfType(LpaException.class, () -> lpa.download(ActivationCode.parse(code()), user));
            assertThat(failure).isNotNull();
            assertThat(card.profiles()).isEmpty();
            return failure;
        }
    }

    private String code() {
        return "LPA:1$" + server.address() + "$TOKEN$$1";
    }
}
