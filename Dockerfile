FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src src
COPY openapi openapi
RUN ./mvnw -B -q -DskipTests -Dspotless.check.skip=true package

FROM eclipse-temurin:25-jre
RUN useradd --system --create-home --home-dir /data octroi
COPY --from=build /src/target/octroi.jar /opt/octroi/octroi.jar
COPY --from=build /src/target/lib /opt/octroi/lib
USER octroi
VOLUME /data
EXPOSE 8443 8444 8445
# As ./octroi has them.
ENTRYPOINT ["java", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=50", "-XX:MaxNewSize=256m", \
  "-XX:+UseCompactObjectHeaders", "-XX:+UseTransparentHugePages", "-Xlog:pagesize=off", \
  "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
  "-Djdk.tls.rejectClientInitiatedRenegotiation=true", "-Djdk.tls.namedGroups=secp256r1,x25519,secp384r1", \
  "-Djava.awt.headless=true", "-jar", "/opt/octroi/octroi.jar"]
CMD ["serve"]
