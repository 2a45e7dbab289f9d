# Two stages: the first compiles, the second holds one binary and runs it as nobody in particular.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked

FROM debian:bookworm-slim
# An object store over HTTPS is trusted by the system's certificates.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /var/lib/dure dure
COPY --from=build /src/target/dist/dure /usr/local/bin/dure
USER dure
WORKDIR /var/lib/dure
ENV DURE_DATA_DIR=/var/lib/dure DURE_BIND=0.0.0.0:8080 DURE_METRICS_BIND=0.0.0.0:9090 DURE_LOG_FORMAT=json
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --start-period=5s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["dure"]
CMD ["serve"]
