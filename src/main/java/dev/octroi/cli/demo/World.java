package dev.octroi.cli.demo;

/** What the steps share: the gateway, the actors' clients and receivers, and what earlier steps learned. */
final class World {
    private final GatewayProcess gateway;

    World(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    GatewayProcess gateway() {
        return gateway;
    }
}
