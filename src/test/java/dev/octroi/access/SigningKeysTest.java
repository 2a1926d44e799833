package dev.octroi.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {
    @TempDir
    Path data;

    @Test
    void aFolderThatIsEmptyForAMomentTakesNoKeyAway() throws Exception {
        SigningKeys keys = SigningKeys.open(data, Clock.systemUTC(), new SecureRandom());
        String before = keys.jwks().encode();
        List<Path> files;
        try (Stream<Path> all = Files.walk(data)) {
            files = all.filter(path -> path.toString().endsWith(".jwk")).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            Files.delete(file);
        }

        keys.reload();

        assertThat(keys.jwks().encode()).isEqualTo(before);
    }
}
