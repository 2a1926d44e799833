package dev.octroi.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {
    private static final Aad PLACE = Aad.of(7, "profile", "iccid_sealed", 42);

    @TempDir
    Path data;

    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private Keyring keyring;
    private Sealer sealer;

    @BeforeEach
    void open() throws IOException {
        keyring = Keyring.open(data, random);
        sealer = new Sealer(keyring, random, clock);
    }

    @Test
    void sealedValueOpensAtItsPlaceAlsoAfterARestart() throws IOException {
        byte[] sealed = sealer.sealText(PLACE, "8933101200000000017");
        assertThat(sealed).hasSize(19 + 33);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("8933");
        Sealer restarted = new Sealer(Keyring.open(data, random), random, clock);
        assertThat(restarted.openText(PLACE, sealed)).isEqualTo("8933101200000000017");
    }

    @Test
    void sealedValueDoesNotOpenAtAnotherPlace() {
        byte[] sealed = sealer.sealText(PLACE, "secret");
        for (Aad other : new Aad[] {
            Aad.of(8, "profile", "iccid_sealed", 42),
            Aad.of(7, "order", "iccid_sealed", 42),
            Aad.of(7, "profile", "imsi_sealed", 42),
            Aad.of(7, "profile", "iccid_sealed", 43)
        }) {
            assertThatThrownBy(() -> sealer.open(other, sealed)).isInstanceOf(SealBrokenException.class);
        }
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] sealed = sealer.sealText(PLACE, "secret");
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] altered = sealed.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> sealer.open(PLACE, altered))
                    .as("bit %d", bit)
                    .isInstanceOf(SealBrokenException.class);
        }
        assertThatThrownBy(() -> sealer.open(PLACE, new byte[5])).isInstanceOf(SealBrokenException.class);
    }

    @Test
    void equalValuesSealDifferentlyAndOldPeriodsStayReadable() {
        byte[] first = sealer.sealText(PLACE, "secret");
        assertThat(sealer.sealText(PLACE, "secret")).isNotEqualTo(first);
        now.set(now.get().plus(Duration.ofDays(200)));
        byte[] later = sealer.sealText(PLACE, "secret");
        assertThat(later[4]).isNotEqualTo(first[4]);
        assertThat(sealer.openText(PLACE, first)).isEqualTo(sealer.openText(PLACE, later));
    }

    @Test
    void destroyedKeyErasesWhatWasNotSealedAnew() throws IOException {
        byte[] kept = sealer.sealText(PLACE, "kept");
        byte[] erased = sealer.sealText(PLACE, "erased");
        assertThat(keyring.rotate(random, now.get())).isEqualTo(2);
        now.set(now.get().plus(Keyring.NOTICE));
        assertThat(sealer.isCurrent(kept)).isFalse();
        byte[] anew = sealer.seal(PLACE, sealer.open(PLACE, kept));
        assertThat(sealer.isCurrent(anew)).isTrue();
        keyring.erase(1, now.get());
        Sealer restarted = new Sealer(Keyring.open(data, random), random, clock);
        assertThat(restarted.openText(PLACE, anew)).isEqualTo("kept");
        assertThatThrownBy(() -> restarted.open(PLACE, erased)).hasMessageContaining("destroyed");
        assertThatThrownBy(() -> sealer.open(PLACE, erased)).hasMessageContaining("destroyed");
        assertThatThrownBy(() -> keyring.destroy(2, now.get())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> keyring.destroy(1, now.get())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keyIsNotDestroyedWhileAGatewayWhoseClockIsBehindStillSealsUnderIt() throws IOException {
        keyring.rotate(random, now.get());
        Sealer behind =
                new Sealer(Keyring.open(data, random), random, () -> now.get().minus(Duration.ofMinutes(2)));
        now.set(now.get().plus(Keyring.NOTICE).plusSeconds(1));
        assertThatThrownBy(() -> keyring.destroy(1, now.get())).hasMessageContaining("still seal");
        byte[] late = behind.sealText(PLACE, "late");
        assertThat(sealer.openText(PLACE, late)).isEqualTo("late");
        assertThat(sealer.isCurrent(late)).isFalse();
        now.set(now.get().plus(Keyring.REST));
        keyring.destroy(1, now.get());
        assertThat(keyring.kekIds()).containsOnlyKeys(2);
    }

    @Test
    void placeThatNothingSealsAnewIsNotSealedForWhereAssertionsAreOn() {
        Aad unknown = Aad.of(7, "profile", "nickname", 42);
        assertThat(SealedPlaces.isKnown(PLACE)).isTrue();
        assertThat(SealedPlaces.isKnown(unknown)).isFalse();
        if (Sealer.class.desiredAssertionStatus()) {
            assertThatThrownBy(() -> sealer.sealText(unknown, "mine"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("profile.nickname");
        }
    }

    @Test
    void newKeySealsOnlyOnceEveryGatewayHasHadTimeToReadIt() throws IOException {
        Keyring elsewhere = Keyring.open(data, random);
        Sealer other = new Sealer(elsewhere, random, clock);
        keyring.rotate(random, now.get());
        assertThatThrownBy(() -> keyring.rotate(random, now.get())).hasMessageContaining("does not seal yet");
        byte[] before = sealer.sealText(PLACE, "before");
        assertThat(other.openText(PLACE, before)).isEqualTo("before");

        elsewhere.reload();
        now.set(now.get().plus(Keyring.NOTICE));
        byte[] after = sealer.sealText(PLACE, "after");
        assertThat(before[2]).isEqualTo((byte) 1);
        assertThat(after[2]).isEqualTo((byte) 2);
        assertThat(other.openText(PLACE, after)).isEqualTo("after");
        assertThat(Keyring.open(data, random).kekIds()).isEqualTo(keyring.kekIds());
    }

    @Test
    void keyringOfAnotherInstallationIsNotTakenOver() throws IOException {
        byte[] sealed = sealer.sealText(PLACE, "mine");
        Path stranger = Files.createDirectories(data.resolve("stranger"));
        Keyring.open(stranger, random);
        Path own = data.resolve("keys/master.keyring");
        Files.copy(stranger.resolve("keys/master.keyring"), own, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(keyring::reload).hasMessageContaining("another installation");
        assertThat(sealer.openText(PLACE, sealed)).isEqualTo("mine");
    }

    @Test
    void keyringIsReadableByItsOwnerOnlyAndRefusedOtherwise() throws IOException {
        Path file = data.resolve("keys/master.keyring");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> Keyring.open(data, random)).hasMessageContaining("0600");
    }

    @Test
    void indexFindsEveryWayToWriteAValueAndLinksNoTenants() {
        BlindIndex index = new BlindIndex(keyring);
        byte[] hash = index.tenant(1, IdentifierKind.ICCID, "8933101200000000017");
        assertThat(hash).hasSize(BlindIndex.HASH_BYTES);
        assertThat(index.tenant(1, IdentifierKind.ICCID, "8933 1012 0000 0000 017F"))
                .isEqualTo(hash);
        assertThat(index.tenant(2, IdentifierKind.ICCID, "8933101200000000017")).isNotEqualTo(hash);
        assertThat(index.tenant(1, IdentifierKind.IMSI, "8933101200000000017")).isNotEqualTo(hash);
        assertThat(index.network(IdentifierKind.ICCID, "8933101200000000017")).isNotEqualTo(hash);
        assertThat(index.network(IdentifierKind.MATCHING_ID, "ab-1"))
                .isEqualTo(index.network(IdentifierKind.MATCHING_ID, "AB-1"));
    }

    @Test
    void sensitiveValuesDoNotPrintThemselves() {
        Sensitive<String> iccid = Sensitive.of("8933101200000000017");
        assertThat(iccid).hasToString("***");
        assertThat(iccid.map(String::length)).hasToString("***");
        assertThat(iccid.reveal()).startsWith("8933");
    }
}
