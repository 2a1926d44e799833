package dev.octroi.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is said to people is said in each language, with the same facts in it. */
class BundlesTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final Pattern PLACE = Pattern.compile("\\{([0-9])");
    private static final Pattern BREAKABLE = Pattern.compile(" [:;!?%»]|« |'|[0-9}] (?:Mo|Go|ko|kbit/s|Mbit/s)");
    /** In a pattern a lone apostrophe quotes what follows: it is not shown, and neither are the facts after it. */
    private static final Pattern LONE_APOSTROPHE = Pattern.compile("(?<!')'(?!')");

    /** Every bundle that has a translation, by its English file. */
    static List<Path> bundles() throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            return files.filter(file -> file.toString().endsWith("_fr.properties"))
                    .map(file -> Path.of(file.toString().replace("_fr.properties", ".properties")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void everyLanguageSaysTheSame(Path english) throws IOException {
        Properties words = read(english);
        for (String language : List.of("fr", "zh")) {
            Path file = Path.of(english.toString().replace(".properties", "_" + language + ".properties"));
            Properties translated = read(file);
            assertThat(new TreeSet<>(translated.stringPropertyNames()))
                    .as("keys of %s", file)
                    .isEqualTo(new TreeSet<>(words.stringPropertyNames()));
            for (String key : words.stringPropertyNames()) {
                assertThat(places(translated.getProperty(key)))
                        .as("facts of %s in %s", key, file)
                        .isEqualTo(places(words.getProperty(key)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void noApostropheSwallowsAFact(Path english) throws IOException {
        for (String suffix : List.of("", "_fr", "_zh")) {
            Path file = Path.of(english.toString().replace(".properties", suffix + ".properties"));
            Properties words = read(file);
            assertThat(words.stringPropertyNames())
                    .as("%s", file)
                    .noneMatch(key -> PLACE.matcher(words.getProperty(key)).find()
                            && LONE_APOSTROPHE.matcher(words.getProperty(key)).find());
        }
    }

    /** French keeps such signs, and units, on the line of what they belong to (Lexique de l’Imprimerie nationale). */
    @ParameterizedTest
    @MethodSource("bundles")
    void frenchSignsDoNotBeginALine(Path english) throws IOException {
        Properties words = read(Path.of(english.toString().replace(".properties", "_fr.properties")));
        assertThat(words.stringPropertyNames().stream().map(words::getProperty))
                .as("%s", english)
                .noneMatch(text -> BREAKABLE.matcher(text).find());
    }

    private static Set<String> places(String pattern) {
        return PLACE.matcher(pattern)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Properties read(Path file) throws IOException {
        Properties words = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            words.load(reader);
        }
        return words;
    }
}
