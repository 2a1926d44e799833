package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Tlv;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a strict card asks of messages, metadata and policy rules, and what it says of itself. */
final class CardRulesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-01T00:00:00Z"));
    private static final String EID = GsmaEid.test(11);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int STORE_METADATA = 2;

    @TempDir
    static Path folder;

    private static GsmaTestPki pki;

    private VirtualEuicc card;
    private TestSmdp server;
    private CardDownload download;

    @BeforeAll
    static void makePki() throws Exception {
        pki = GsmaTestPki.open(folder, List.of("localhost"), CLOCK, RANDOM);
    }

    @BeforeEach
    void usualCard() {
        server = new TestSmdp(pki.material(), RANDOM);
        newCard(CardFacts.standard());
    }

    private void newCard(CardFacts facts) {
        card = VirtualEuicc.create(List.of(pki), EID, facts, CLOCK, RANDOM);
        download = new CardDownload(card, server);
    }

    @Test
    void testProfileIsRefusedOutsideTestMode() throws Exception {
        server.profileClass = 0;
        download.isRefused(STORE_METADATA, ErrorReason.UNSUPPORTED_PROFILE_CLASS);
        newCard(CardFacts.standard().inTestMode());
        download.installs();
    }

    @Test
    void unknownClassIsRefused() throws Exception {
        server.profileClass = 3;
        download.isRefused(STORE_METADATA, ErrorReason.UNSUPPORTED_PROFILE_CLASS);
    }

    @Test
    void policyRulesWithoutOwnerAreRefused() throws Exception {
        server.rules = new byte[] {0x05, 0x20};
        server.hasOwner = false;
        download.isRefused(STORE_METADATA, ErrorReason.PPR_NOT_ALLOWED);
        server.hasOwner = true;
        download.installs();
    }

    @Test
    void ruleThatTheCardForbidsIsRefused() throws Exception {
        newCard(CardFacts.standard().forbidding(EnumSet.of(PolicyRule.PPR2)));
        server.rules = new byte[] {0x05, 0x20};
        download.isRefused(STORE_METADATA, ErrorReason.PPR_NOT_ALLOWED);
        server.rules = new byte[] {0x06, 0x40};
        download.installs();
    }

    @Test
    void profileThatMayNotBeDisabledIsRefusedBesideAnother() throws Exception {
        download.installs();
        card.enable(TestSmdp.ICCID);
        otherProfile();
        server.rules = new byte[] {0x06, 0x40};
        download.isRefused(STORE_METADATA, ErrorReason.PPR_NOT_ALLOWED);
        server.rules = new byte[] {0x05, 0x20};
        download.installs();
    }

    @Test
    void enablingDoesNotPassAProfileThatMayNotBeDisabled() throws Exception {
        server.rules = new byte[] {0x06, 0x40};
        download.installs();
        assertThat(card.enable(TestSmdp.ICCID)).isZero();
        server.rules = new byte[0];
        otherProfile();
        download.installs();
        int told = card.notifications().size();
        assertThat(card.enable(server.metadataIccid)).isEqualTo(3);
        assertThat(card.profiles()).extracting(CardProfile::enabled).containsExactly(true, false);
        assertThat(card.notifications()).hasSize(told);
    }

    @ParameterizedTest
    @CsvSource({"1,1025", "2,100", "-1,100"})
    void iconOfAnotherKindOrSizeIsRefused(int type, int bytes) throws Exception {
        server.iconType = type;
        server.icon = new byte[bytes];
        download.isRefused(STORE_METADATA, ErrorReason.INCORRECT_INPUT_VALUES);
    }

    @Test
    void iconTypeWithoutIconIsRefused() throws Exception {
        server.extraMetadata.add(Tlv.integer(0x93, 0));
        download.isRefused(STORE_METADATA, ErrorReason.INCORRECT_INPUT_VALUES);
    }

    @Test
    void namesAreCountedInCharacters() throws Exception {
        server.provider = "😀".repeat(32);
        server.profileName = "é".repeat(64);
        download.installs();
    }

    @Test
    void tooLongNamesAreRefused() throws Exception {
        server.provider = "x".repeat(33);
        download.isRefused(STORE_METADATA, ErrorReason.INCORRECT_INPUT_VALUES);
        server.provider = "x";
        server.profileName = "x".repeat(65);
        download.isRefused(STORE_METADATA, ErrorReason.INCORRECT_INPUT_VALUES);
    }

    @Test
    void numberThatIsNoNumberIsRefused() throws Exception {
        server.metadataIccid = "89330123456789ABCDE";
        download.isRefused(STORE_METADATA, ErrorReason.INCORRECT_INPUT_VALUES);
    }

    @Test
    void metadataOutOfOrderAreRefused() throws Exception {
        server.extraMetadata.add(Tlv.utf8(0x91, "again"));
        download.isRefused(STORE_METADATA, ErrorReason.INCORRECT_INPUT_VALUES);
    }

    @Test
    void metadataOfNewerVersionsPass() throws Exception {
        server.extraMetadata.add(Tlv.constructed(0xBF1F, Tlv.of(0x80, new byte[1])));
        server.extraMetadata.add(Tlv.of(0x9B, new byte[] {1}));
        download.installs();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 17})
    void hostIdOfAnotherLengthIsRefused(int bytes) throws Exception {
        server.hostIdBytes = bytes;
        download.isRefused(0, ErrorReason.UNSUPPORTED_CRT_VALUES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void hostIdMayHaveOneToSixteenBytes(int bytes) throws Exception {
        server.hostIdBytes = bytes;
        download.installs();
    }

    @Test
    void blockCounterBeginsAnewWithTheProtectionKeys() throws Exception {
        server.protectionKeys = true;
        server.firstCounterOfProtection = 4;
        download.isRefused(5, ErrorReason.PE_PROCESSING_ERROR);
        server.firstCounterOfProtection = 1;
        download.installs();
    }

    @Test
    void serverSigned1OutOfOrderIsRefused() throws Exception {
        server.reverseSigned1 = true;
        assertThat(error(card.authenticateServer(server.authenticateServerRequest(card.euiccChallenge()))))
                .isEqualTo(127);
    }

    @Test
    void requestWithoutDeviceInfoIsRefused() throws Exception {
        Tlv request = server.authenticateServerRequest(card.euiccChallenge());
        List<Tlv> parts = new ArrayList<>(request.children());
        parts.set(4, Tlv.constructed(0xA0, Tlv.utf8(0x80, "TOKEN")));
        assertThat(error(card.authenticateServer(Tlv.constructed(0xBF38, parts))))
                .isEqualTo(127);
    }

    @Test
    void hashOfTheConfirmationCodeHas32Bytes() throws Exception {
        server.codeRequired = true;
        Tlv request = server.prepareDownloadRequest(download.authenticated(), new byte[31]);
        assertThat(error(card.prepareDownload(request))).isEqualTo(127);
    }

    @Test
    void keyOfABrokenDownloadSurvivesTheLossOfPower() throws Exception {
        byte[] key = download.oneTimeKey();
        card = new VirtualEuicc(card.state(), CLOCK, RANDOM);
        download = new CardDownload(card, server);
        server.boundBefore = key;
        assertThat(download.oneTimeKey()).isEqualTo(key);
        assertThat(card.state().toString()).doesNotContain(HexFormat.of().formatHex(key));
    }

    @Test
    void keyOfARefusedPackageIsOfferedAgainAndErasedAfterInstallation() throws Exception {
        server.boundBefore = download.oneTimeKey();
        byte[] key = server.boundBefore;
        server.spoilPackageSignature = true;
        download.isRefused(0, ErrorReason.INVALID_SIGNATURE);
        server.spoilPackageSignature = false;
        assertThat(download.oneTimeKey()).isEqualTo(key);
        download.installs();
        assertThat(download.oneTimeKey()).isNotEqualTo(key);
    }

    @Test
    void cardKeepsABoundedNumberOfOneTimeKeys() throws Exception {
        byte[] first = download.oneTimeKey();
        for (int i = 0; i < 8; i++) {
            download.oneTimeKey();
        }
        assertThat(card.state().oneTimeKeys()).hasSize(8);
        server.boundBefore = first;
        assertThat(download.oneTimeKey()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.2.0", "2.2.1", "2.2.2", "2.3.0", "2.4.0", "2.5.0"})
    void informationFollowsTheVersionOfTheCard(String version) throws Exception {
        newCard(new CardFacts(version, 100_000, "35290611"));
        download.installs();
        Tlv info = card.euiccInfo2();
        assertThat(info.require(0x82).value()).isEqualTo(HexFormat.of().parseHex("0" + version.replace(".", "0")));
        assertThat(info.find(0x8B).isPresent()).isEqualTo(version.startsWith("2.2"));
        assertThat(info.require(0x99).value()).containsExactly(0);
        assertThat(info.require(0x84).value()[2]).isEqualTo((byte) 1);
    }

    @Test
    void cardSaysWhichRulesItForbids() throws Exception {
        newCard(CardFacts.standard().forbidding(Set.of(PolicyRule.PPR1)));
        assertThat(card.euiccInfo2().require(0x99).value()).containsExactly(6, 0x40);
        newCard(CardFacts.standard().forbidding(EnumSet.allOf(PolicyRule.class)));
        assertThat(card.euiccInfo2().require(0x99).value()).containsExactly(5, 0x60);
    }

    @Test
    void deviceSaysWhatItIs() throws Exception {
        DeviceInfo device = new DeviceInfo("35290611", "352906110000001", Map.of("nr", 16, "eutran", 15));
        Tlv info = CardFacts.standard().in(device, 1_000).deviceInfo();
        assertThat(info.require(0x80).value()).containsExactly(0x35, 0x29, 0x06, 0x11);
        assertThat(info.require(0xA1).children()).extracting(Tlv::tag).containsExactly(0x85, 0x89);
        assertThat(info.require(0x82).value()).isEqualTo(HexFormat.of().parseHex("352906110000001F"));
        assertThat(device.toString()).doesNotContain("352906110000001");
    }

    @Test
    void deviceOutOfRangeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceInfo("3529061", null, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceInfo("35290611", "352906120000001", Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceInfo("35290611", null, Map.of("wifi", 6)));
        assertThatIllegalArgumentException().isThrownBy(() -> PolicyRule.named("ppr3"));
    }

    @Test
    void cancellingForAnUnknownReasonIsRefused() throws Exception {
        download.authenticated();
        assertThat(card.cancelSession(server.transactionId, 99).require(0x81).asInt())
                .isEqualTo(127);
        assertThat(card.cancelSession(server.transactionId, 0).find(0xA0)).isPresent();
    }

    @Test
    void refusalNamesTheProfileOnceTheMetadataAreRead() throws Exception {
        download.installs();
        Tlv result = download.load().message().require(0xBF27);
        assertThat(result.require(0xBF2F).find(0x5A)).isPresent();
    }

    private void otherProfile() {
        server.metadataIccid = server.headerIccid = server.fileIccid = "8933012345678901246";
    }

    private static int error(Tlv response) throws Exception {
        return response.require(0xA1).require(0x02).asInt();
    }
}
