package dev.octroi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:0:7::1, 20010db800000007/64",
        "2001:db8:0:7:ffff:1:2:3, 20010db800000007/64",
        "2001:db8:0:8::1, 20010db800000008/64",
        "::ffff:192.0.2.7, 192.0.2.7",
        "64:ff9b::c000:207, 192.0.2.7"
    })
    void anIpv6AddressCountsByItsNetworkAndWhatStandsForIpv4AsThat(String address, String range) {
        assertThat(AddressRange.of(SocketAddress.inetSocketAddress(1, address))).isEqualTo(range);
    }

    @Test
    void whatIsNoAddressOfTheInternetCountsTogether() {
        assertThat(AddressRange.of(null)).isEqualTo("unknown");
        assertThat(AddressRange.of(SocketAddress.domainSocketAddress("/run/x"))).isEqualTo("unknown");
    }
}
