FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src src
COPY openapi openapi
RUN ./mvnw -B -q -DskipTests -Dspotless.check.skip=true package

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 990 octroi && useradd --system --uid 990 --gid 990 --create-home --home-dir /data octroi \
    && install -d -o octroi -g octroi -m 0700 /receiver
COPY --from=build /src/target/octroi.jar /opt/octroi/target/octroi.jar
COPY --from=build /src/target/lib /opt/octroi/target/lib
# The same launcher as outside, so that heap and options are said in the same way: docker compose exec gateway octroi token …
COPY octroi /opt/octroi/octroi
RUN ln -s /opt/octroi/octroi /usr/local/bin/octroi
USER octroi
VOLUME /data
EXPOSE 8443 8444 8445
ENTRYPOINT ["/opt/octroi/octroi"]
CMD ["serve"]
