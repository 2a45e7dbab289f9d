# Two stages: the first compiles, the second holds one binary and runs it as nobody in particular.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked

FROM debian:bookworm-slim
RUN useradd --system --create-home --home-dir /var/lib/dure dure
COPY --from=build /src/target/dist/dure /usr/local/bin/dure
USER dure
WORKDIR /var/lib/dure
ENV DURE_DATA_DIR=/var/lib/dure DURE_BIND=0.0.0.0:8080 DURE_LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT ["dure"]
CMD ["serve"]
