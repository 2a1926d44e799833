package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a card over time: safe, private, read again by newer versions, and clear about damage. */
final class StoredCardTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-01T00:00:00Z"));
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private VirtualEuicc card;
    private Path file;

    @BeforeEach
    void store() throws Exception {
        GsmaTestPki pki = GsmaTestPki.open(folder.resolve("pki"), List.of("localhost"), CLOCK, RANDOM);
        card = VirtualEuicc.create(pki, GsmaEid.test(3), CLOCK, RANDOM);
        file = folder.resolve("card.json");
        StoredCard.write(file, card.state());
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertThat(StoredCard.read(file)).isEqualTo(card.state());
    }

    @Test
    void fileIsForItsOwnerOnlyAndNothingIsLeftBeside() throws Exception {
        StoredCard.write(file, card.state());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString())).containsExactlyInAnyOrder("pki", "card.json");
        }
    }

    @Test
    void fileOfTheFirstVersionIsRead() throws Exception {
        ObjectNode old = json();
        old.remove("version");
        old.remove("oneTimeKeys");
        old.putObject("facts")
                .put("specVersion", "2.2.2")
                .put("memoryBytes", 4_000)
                .put("tac", "12345678");
        JSON.writeValue(file.toFile(), old);
        CardState read = StoredCard.read(file);
        assertThat(read.facts().specVersion()).isEqualTo("2.2.2");
        assertThat(read.facts().device().tac()).isEqualTo("12345678");
        assertThat(read.identities()).isEqualTo(card.state().identities());
        assertThat(new VirtualEuicc(read, CLOCK, RANDOM).eid()).isEqualTo(card.eid());
    }

    @Test
    void fileOfANewerVersionIsLeftAlone() throws Exception {
        JSON.writeValue(file.toFile(), json().put("version", CardState.VERSION + 1));
        assertThatIOException().isThrownBy(() -> StoredCard.read(file)).withMessageContaining("newer Octroi");
    }

    @Test
    void damagedFileIsNamedWithoutItsContent() throws Exception {
        String whole = Files.readString(file);
        for (String damaged : List.of(
                "",
                "{}",
                "[1]",
                whole.substring(0, 500),
                whole.replace("\"eid\"", "\"id\""),
                without("privateKey"),
                without("eumCertificate"))) {
            Files.writeString(file, damaged);
            assertThatIOException()
                    .isThrownBy(() -> StoredCard.read(file))
                    .withMessageContaining("card.json")
                    .withMessageContaining("octroi euicc new --force")
                    .withMessageNotContaining(card.eid());
        }
    }

    @Test
    void missingFileIsMissing() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> StoredCard.read(folder.resolve("none"))))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void cardIsUsedByOneAtATime() throws Exception {
        try (CardLock first = CardLock.of(file)) {
            assertThat(first).isNotNull();
            assertThatIOException().isThrownBy(() -> CardLock.of(file)).withMessageContaining("in use");
        }
        CardLock.of(file).close();
    }

    /** The file without a field of the card's identity. */
    private String without(String field) throws IOException {
        ObjectNode json = json();
        ((ObjectNode) json.path("identities").path(0)).remove(field);
        return json.toString();
    }

    private ObjectNode json() throws IOException {
        return (ObjectNode) JSON.readTree(file.toFile());
    }
}
