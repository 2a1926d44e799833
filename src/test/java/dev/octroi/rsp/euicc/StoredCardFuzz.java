package dev.octroi.rsp.euicc;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The file of a card: whatever is in it gives a card or says that it is none. */
public final class StoredCardFuzz implements FuzzTarget {
    private static final InstantSource CLOCK = InstantSource.fixed(FuzzPki.NOW);

    private final Path file;

    public StoredCardFuzz() throws IOException {
        file = Files.createTempFile("octroi-fuzz", ".json");
        file.toFile().deleteOnExit();
    }

    @Override
    public void feed(byte[] input) throws IOException {
        Files.write(file, input);
        CardState state;
        try {
            state = StoredCard.read(file);
        } catch (IOException declared) {
            return;
        }
        try {
            new VirtualEuicc(state, CLOCK, FuzzPki.RANDOM).state();
        } catch (IllegalArgumentException declared) {
            // The declared failure.
        }
    }

    @Override
    public int mutations() {
        return 300;
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        VirtualEuicc card = VirtualEuicc.create(FuzzPki.pki(), FuzzPki.EID, CLOCK, FuzzPki.RANDOM);
        StoredCard.write(file, card.state());
        return List.of(Files.readAllBytes(file));
    }
}
