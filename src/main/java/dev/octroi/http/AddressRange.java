package dev.octroi.http;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who counts as one sender where only an address is known: an IPv4 address, or the first 64 bits of an IPv6 address. Whoever
 * has one line or rents one machine has all addresses that begin alike (RFC 6177), so a bound on each of them is none.
 */
final class AddressRange {
    private static final int IPV6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;

    /** Addresses of IPv4 as a translator shows them: mapped (RFC 4291 section 2.5.5.2) and of NAT64 (RFC 6052 section 2.1). */
    private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");

    private static final byte[] NAT64 = HexFormat.of().parseHex("0064ff9b0000000000000000");

    private AddressRange() {}

    /** The range of a remote address as text, to compare; what is no address of the internet is its own. */
    static String of(@Nullable SocketAddress remote) {
        if (remote == null || remote.hostAddress() == null) {
            return "unknown";
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(remote.hostAddress());
        if (address == null || address.length != IPV6_BYTES) {
            return remote.hostAddress();
        }
        if (startsWith(address, MAPPED) || startsWith(address, NAT64)) {
            return NetUtil.bytesToIpAddress(Arrays.copyOfRange(address, MAPPED.length, IPV6_BYTES));
        }
        return HexFormat.of().formatHex(address, 0, NETWORK_BYTES) + "/64";
    }

    private static boolean startsWith(byte[] address, byte[] prefix) {
        return Arrays.equals(address, 0, prefix.length, prefix, 0, prefix.length);
    }
}
