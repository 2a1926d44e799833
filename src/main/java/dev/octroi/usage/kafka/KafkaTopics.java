package dev.octroi.usage.kafka;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.octroi.usage.FeedTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which topics carry usage records, whose they are, and how the brokers are reached.
 *
 * @param client settings of the Kafka client as its documentation names them
 * @param topics the partner of each topic
 */
public record KafkaTopics(Map<String, String> client, Map<String, FeedTerms> topics) {
    /** Most topics of one gateway. */
    public static final int MAX_TOPICS = 64;

    private static final Set<String> SECTIONS = Set.of("client", "topics");
    private static final Set<String> MEMBERS = Set.of("topic");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private static final Set<String> ENCRYPTED = Set.of("SSL", "SASL_SSL");
    private static final Pattern HERE = Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]+)?");

    /** Decided by the feed: they carry its promise that nothing is lost or counted twice. */
    private static final Set<String> OWN = Set.of(
            "enable.auto.commit",
            "key.deserializer",
            "value.deserializer",
            "auto.offset.reset",
            "max.poll.records",
            "fetch.max.bytes",
            "allow.auto.create.topics",
            "interceptor.classes",
            "metric.reporters");

    public KafkaTopics {
        client = Map.copyOf(client);
        topics = Map.copyOf(topics);
        if (!client.containsKey("bootstrap.servers") || !client.containsKey("group.id")) {
            throw new IllegalArgumentException("the Kafka client wants bootstrap.servers and group.id");
        }
        for (String setting : client.keySet()) {
            if (OWN.contains(setting)) {
                throw new IllegalArgumentException("the Kafka client's " + setting + " is not yours to set");
            }
        }
        if (!ENCRYPTED.contains(client.getOrDefault("security.protocol", "")) && !isHere(client)) {
            throw new IllegalArgumentException("numbers of subscribers would cross the network in clear: set"
                    + " security.protocol to SSL or SASL_SSL, unless all brokers are on this machine");
        }
        if (topics.isEmpty() || topics.size() > MAX_TOPICS) {
            throw new IllegalArgumentException("1 to " + MAX_TOPICS + " topics");
        }
    }

    private static boolean isHere(Map<String, String> client) {
        return Arrays.stream(client.getOrDefault("bootstrap.servers", "").split(","))
                .allMatch(broker -> HERE.matcher(broker.strip()).matches());
    }

    /**
     * Reads a YAML file: {@code client}, settings of the Kafka client, and {@code topics}, a list of topic, name and
     * optionally tenant, imsiPrefixes. It may hold passwords, so nobody but its owner may read it.
     *
     * @throws IOException when it cannot be read, is open to others, or holds something else; the message says what
     */
    public static KafkaTopics read(Path file) throws IOException {
        requireNonNull(file, "file is null");
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new IOException("the file of Kafka topics may hold passwords: make it readable by its owner only");
        }
        JsonNode root = new YAMLMapper().readTree(file.toFile());
        for (Map.Entry<String, JsonNode> section : root.properties()) {
            if (!SECTIONS.contains(section.getKey())) {
                throw new IOException("the file of Kafka topics has no \"" + section.getKey() + "\"");
            }
        }
        try {
            return new KafkaTopics(client(root.path("client")), topics(root.path("topics")));
        } catch (IllegalArgumentException e) {
            throw new IOException("the file of Kafka topics: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> client(JsonNode node) throws IOException {
        Map<String, String> client = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> setting : node.properties()) {
            if (!setting.getValue().isValueNode()) {
                throw new IOException("the Kafka client's " + setting.getKey() + " is no plain value");
            }
            client.put(setting.getKey(), setting.getValue().asText());
        }
        return client;
    }

    private static Map<String, FeedTerms> topics(JsonNode node) throws IOException {
        Map<String, FeedTerms> topics = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        for (JsonNode each : node) {
            String topic = each.path("topic").asText();
            FeedTerms terms = FeedTerms.read(each, MEMBERS);
            if (!TOPIC.matcher(topic).matches()) {
                throw new IOException("a topic's name is not of its form");
            }
            if (topics.put(topic, terms) != null || !names.add(terms.name())) {
                throw new IOException("two topics share a name");
            }
        }
        return topics;
    }

    /** Nothing of passwords. */
    @Override
    public String toString() {
        return "KafkaTopics" + topics.keySet();
    }
}
