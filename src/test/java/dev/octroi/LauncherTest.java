package dev.octroi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code ./octroi}, with a build and a JDK that are not real. */
class LauncherTest {
    @TempDir
    private Path home;

    private Path jar;

    @BeforeEach
    void prepare() throws Exception {
        Files.copy(Path.of("octroi"), home.resolve("octroi"));
        Files.createDirectories(home.resolve("src/main"));
        Files.createDirectories(home.resolve("openapi"));
        jar = home.resolve("target/octroi.jar");
        Files.createDirectories(home.resolve("target"));
        Files.writeString(jar, "old");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
        Files.writeString(home.resolve("pom.xml"), "newer");
        Files.createDirectories(home.resolve("jdk/bin"));
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        program("jdk/bin/java", "cat target/octroi.jar");
    }

    @Test
    void aBuildLeavesARunningGatewayTheJarThatItHasOpen() throws Exception {
        program("mvnw", "printf new > target/octroi.jar");
        try (InputStream running = Files.newInputStream(jar)) {
            assertThat(run()).isEqualTo("new");
            assertThat(new String(running.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("old");
        }
    }

    @Test
    void aBuildThatFailsLeavesTheJarThatThereWas() throws Exception {
        program("mvnw", "exit 1");
        assertThat(run()).isEmpty();
        assertThat(jar).hasContent("old");
    }

    private void program(String name, String line) throws Exception {
        Path file = Files.writeString(home.resolve(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", home.resolve("octroi").toString(), "token")
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA25_HOME", home.resolve("jdk").toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
