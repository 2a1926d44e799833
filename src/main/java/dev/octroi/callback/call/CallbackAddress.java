package dev.octroi.callback.call;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Checks the address of a webhook, at registration and again before each attempt: https, a name or address without
 * tricks, and a host whose every address is public. The caller then connects to the address that was checked, so a name
 * that resolves differently a moment later gains nothing.
 */
public final class CallbackAddress {
    private static final int MAX_LENGTH = 2_048;
    /** Name servers have no more of the deadline of an attempt. */
    private static final long LOOKUP_SECONDS = 3;

    private static final int HTTPS_PORT = 443;
    private static final int ALTERNATIVE_PORT = 8_443;

    private final boolean allowLoopback;
    private final Function<String, Future<List<InetAddress>>> resolver;

    /** A URL that may be called, and the address to connect to. */
    public record Checked(URI url, InetAddress address) {}

    /** Why a URL may not be called; the message is fit for the one who registered it. */
    public static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * @param allowLoopback whether addresses of this machine, and any port on them, are allowed; only for development
     * @param resolver all addresses of a name
     */
    public CallbackAddress(boolean allowLoopback, Function<String, Future<List<InetAddress>>> resolver) {
        this.allowLoopback = allowLoopback;
        this.resolver = resolver;
    }

    /** Resolves the host and checks everything; fails with {@link RefusedException}. */
    public Future<Checked> check(String text) {
        URI url;
        try {
            url = parse(text);
        } catch (RefusedException e) {
            return Future.failedFuture(e);
        }
        String host = bare(url.getHost());
        return resolver.apply(host)
                .timeout(LOOKUP_SECONDS, TimeUnit.SECONDS)
                .recover(failure -> Future.failedFuture(new RefusedException("the host cannot be resolved")))
                .map(addresses -> choose(url, addresses));
    }

    /** Checks the form alone, for hosts that were registered; throws {@link RefusedException}. */
    public static URI parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new RefusedException("the URL is longer than 2048 characters");
        }
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            throw new RefusedException("not a URL");
        }
        if (!"https".equals(url.getScheme())) {
            throw new RefusedException("the URL has to start with https://");
        }
        // getHost() is null for registry-based authorities, and with them for every host the parser doubts.
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new RefusedException("the URL needs a plain host, no user and no fragment");
        }
        String host = url.getHost();
        if (host.indexOf('%') >= 0 || (!host.startsWith("[") && !isDottedQuad(host) && !isName(host))) {
            throw new RefusedException("the host is not a plain name or address");
        }
        return url;
    }

    private Checked choose(URI url, List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            throw new RefusedException("the host cannot be resolved");
        }
        boolean loopback = allowLoopback && addresses.stream().allMatch(InetAddress::isLoopbackAddress);
        if (!loopback && !addresses.stream().allMatch(AddressRules::isPublic)) {
            throw new RefusedException("the host does not have public addresses only");
        }
        int port = url.getPort();
        if (!loopback && port != -1 && port != HTTPS_PORT && port != ALTERNATIVE_PORT) {
            throw new RefusedException("only the ports 443 and 8443 are allowed");
        }
        return new Checked(url, addresses.getFirst());
    }

    /** Ends in a label that begins with a letter, so that no parser takes it for a number. */
    private static boolean isName(String host) {
        String last = host.substring(host.lastIndexOf('.') + 1);
        return !last.isEmpty() && Character.isLetter(last.charAt(0));
    }

    /** Four decimal numbers without leading zeros: what every parser reads alike. */
    private static boolean isDottedQuad(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
                return false;
            }
            if (Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** The host without the brackets of an IPv6 literal. */
    public static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
