package dev.octroi.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void whatWasThereIsReplacedAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("key");
        WholeFile.replace(file, bytes("first"));
        WholeFile.replace(file, bytes("second"));
        assertThat(file).hasContent("second");
        assertThat(permissions(file)).isEqualTo("rw-------");
        WholeFile.replaceReadable(file, bytes("third"));
        assertThat(file).hasContent("third");
        assertThat(permissions(file)).isEqualTo("rw-r--r--");
        WholeFile.replace(file, bytes("fourth"));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(names()).containsExactly("key");
    }

    @Test
    void whereItCannotBePutWhatWasThereStaysAndNoDraftIsLeft() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.createFile(taken.resolve("inside"));
        assertThatThrownBy(() -> WholeFile.replace(taken, bytes("key"))).isInstanceOf(IOException.class);
        assertThat(taken.resolve("inside")).exists();
        assertThat(names()).containsExactly("taken");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> each.getFileName().toString()).toList().stream();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
