package dev.octroi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
        program("jdk/bin/javac", "exit 0");
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

    /** A service of the system, or of cron, has none. */
    @Test
    void aProcessWithoutAHomeFindsTheJdkThatItIsGiven() throws Exception {
        program("mvnw", "printf new > target/octroi.jar");
        assertThat(run(environment -> environment.remove("HOME"))).isEqualTo("new");
    }

    /** Maven looks for it in other places, and refuses to run on what is older than 17. */
    @Test
    void theBuildIsGivenTheJdkThatWasFound() throws Exception {
        Path old = Files.createDirectories(home.resolve("old/bin")).getParent();
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        program("old/bin/java", "exit 1");
        program("mvnw", "printf '%s %s' \"$JAVA_HOME\" \"$JAVA25_HOME\" > target/octroi.jar");
        String jdk = home.resolve("jdk").toString();
        assertThat(run(environment -> environment.put("JAVA_HOME", old.toString())))
                .isEqualTo(jdk + " " + jdk);
    }

    @Test
    void aBuildWantsACompilerAndARunDoesNot() throws Exception {
        Path runtime = Files.createDirectories(home.resolve("jre/bin")).getParent();
        Files.writeString(runtime.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        program("jre/bin/java", "printf runtime");
        program("mvnw", "printf \"$JAVA_HOME\" > target/octroi.jar");
        Consumer<Map<String, String>> both = environment -> {
            environment.put("JAVA25_HOME", runtime.toString());
            environment.put("JAVA_HOME", home.resolve("jdk").toString());
        };
        assertThat(run(both)).isEqualTo(home.resolve("jdk").toString());
        assertThat(run(both)).isEqualTo("runtime");
    }

    /** There are neither sources nor a compiler in the image. */
    @Test
    void theImageRunsTheLauncherWithWhatItCopies() throws Exception {
        List<String> image = Files.readAllLines(Path.of("Dockerfile"));
        assertThat(image).contains("ENTRYPOINT [\"/opt/octroi/octroi\"]", "COPY octroi /opt/octroi/octroi");
        assertThat(image.stream().filter(line -> line.startsWith("COPY --from=build")))
                .containsExactly(
                        "COPY --from=build /src/target/octroi.jar /opt/octroi/target/octroi.jar",
                        "COPY --from=build /src/target/lib /opt/octroi/target/lib");
        Files.delete(home.resolve("pom.xml"));
        Files.delete(home.resolve("src/main"));
        Files.delete(home.resolve("openapi"));
        Files.delete(home.resolve("jdk/bin/javac"));
        program("jdk/bin/java", "printf '%s ' \"$@\"");
        assertThat(run(environment -> {
                    environment.put("OCTROI_HEAP", "3g");
                    environment.put("OCTROI_JAVA_OPTS", "-XX:+UseZGC");
                }))
                .contains("-Xmx3g ", "-XX:+UseZGC ", "-jar " + jar + " token")
                .doesNotContain("UseG1GC");
    }

    private void program(String name, String line) throws Exception {
        Path file = Files.writeString(home.resolve(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run() throws Exception {
        return run(environment -> {});
    }

    private String run(Consumer<Map<String, String>> with) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", home.resolve("octroi").toString(), "token")
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA25_HOME", home.resolve("jdk").toString());
        with.accept(builder.environment());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
