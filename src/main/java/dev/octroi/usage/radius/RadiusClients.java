package dev.octroi.usage.radius;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.octroi.usage.FeedTerms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The network elements that may send accounting, by the address that their packets come from. */
public final class RadiusClients {
    /** Most clients in one file. */
    public static final int MAX_CLIENTS = 1_000;

    private static final Set<String> MEMBERS = Set.of("address", "name", "secret", "tenant", "imsiPrefixes", "home");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
    private static final Pattern PLMN = Pattern.compile("[0-9]{3}-[0-9]{2,3}");
    private static final Pattern PREFIX = Pattern.compile("[0-9]{1,15}");

    private final Map<InetAddress, RadiusClient> byAddress;

    private RadiusClients(Map<InetAddress, RadiusClient> byAddress) {
        this.byAddress = Map.copyOf(byAddress);
    }

    /**
     * These clients; each has an address of its own. Those of one name are one feed that comes by several ways, such as two
     * proxies: a session goes on whichever way its packets take.
     *
     * @throws IllegalArgumentException when two share an address, or a name and not what the feed may report
     */
    public static RadiusClients of(List<RadiusClient> clients) {
        Map<InetAddress, RadiusClient> byAddress = new HashMap<>();
        Map<String, RadiusClient> byName = new HashMap<>();
        for (RadiusClient client : clients) {
            if (byAddress.put(client.address(), client) != null) {
                throw new IllegalArgumentException("two clients share an address");
            }
            RadiusClient same = byName.putIfAbsent(client.name(), client);
            if (same != null && !same.isSameFeed(client)) {
                throw new IllegalArgumentException("two clients share a name, but not tenant, imsiPrefixes and home");
            }
        }
        return new RadiusClients(byAddress);
    }

    /**
     * Reads a YAML file: a list {@code clients} of address, name, secret and optionally tenant, imsiPrefixes, home. It
     * holds secrets, so nobody but its owner may read it.
     *
     * @throws IOException when it cannot be read, is open to others, or holds something else; the message says what
     */
    public static RadiusClients read(Path file) throws IOException {
        requireNonNull(file, "file is null");
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)) {
            throw new IOException("the file of RADIUS clients holds secrets: make it readable by its owner only");
        }
        JsonNode list = new YAMLMapper().readTree(file.toFile()).path("clients");
        if (!list.isArray() || list.size() > MAX_CLIENTS) {
            throw new IOException("the file of RADIUS clients wants a list \"clients\" of at most " + MAX_CLIENTS);
        }
        List<RadiusClient> clients = new ArrayList<>();
        for (JsonNode each : list) {
            clients.add(client(each));
        }
        try {
            return of(clients);
        } catch (IllegalArgumentException e) {
            throw new IOException("the file of RADIUS clients: " + e.getMessage(), e);
        }
    }

    /** What is shared with the element at an address; empty when there is none. */
    public Optional<byte[]> secret(InetAddress address) {
        return find(address).map(RadiusClient::secret);
    }

    /** The client behind an address. */
    Optional<RadiusClient> find(InetAddress address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    private static RadiusClient client(JsonNode node) throws IOException {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw new IOException("a RADIUS client has no member \"" + member.getKey() + "\"");
            }
        }
        FeedTerms.checkForms(node);
        List<String> prefixes = new ArrayList<>();
        for (JsonNode prefix : node.path("imsiPrefixes")) {
            prefixes.add(text(prefix, "imsiPrefixes", PREFIX));
        }
        try {
            return new RadiusClient(
                    address(text(node.path("address"), "address", ADDRESS)),
                    node.path("name").asText(),
                    node.path("secret").asText().getBytes(StandardCharsets.UTF_8),
                    node.path("tenant").asInt(0),
                    prefixes,
                    node.has("home") ? Optional.of(text(node.path("home"), "home", PLMN)) : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new IOException("a RADIUS client: " + e.getMessage(), e);
        }
    }

    /** Numbers only: a name could point elsewhere tomorrow. */
    private static InetAddress address(String text) throws IOException {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IOException("the address of a RADIUS client is no IP address", e);
        }
    }

    private static String text(JsonNode node, String member, Pattern form) throws IOException {
        String text = node.asText();
        if (!form.matcher(text).matches()) {
            throw new IOException("the member " + member + " of a RADIUS client is not of its form");
        }
        return text;
    }
}
