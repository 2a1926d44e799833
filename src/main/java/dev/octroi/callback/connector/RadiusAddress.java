package dev.octroi.callback.connector;

import dev.octroi.callback.call.CallbackAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a network element takes dynamic authorization, written {@code radius://192.0.2.7:3799}. Numbers only: its secret is
 * found by its address, and a name could point elsewhere tomorrow.
 *
 * @param port UDP, 1 to 65,535; 3799 unless said otherwise (RFC 5176 §2.1)
 */
public record RadiusAddress(InetAddress host, int port) {
    /** The scheme of such callback addresses. */
    public static final String SCHEME = "radius";

    private static final int DEFAULT_PORT = 3_799;
    private static final int MAX_PORT = 65_535;
    private static final Pattern NUMBERS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]{2,45}]");

    /** Reads an address; empty when it is none. */
    public static Optional<RadiusAddress> read(String text) {
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            boolean whole = uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && (uri.getRawPath() == null || uri.getRawPath().isEmpty());
            if (!SCHEME.equals(uri.getScheme())
                    || host == null
                    || !whole
                    || !NUMBERS.matcher(host).matches()) {
                return Optional.empty();
            }
            int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
            return port < 1 || port > MAX_PORT
                    ? Optional.empty()
                    : Optional.of(new RadiusAddress(InetAddress.getByName(CallbackAddress.bare(host)), port));
        } catch (URISyntaxException | UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The address as it is written. */
    public String text() {
        String literal = host.getHostAddress();
        return SCHEME + "://" + (literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal) + ":" + port;
    }
}
