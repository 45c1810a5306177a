# SPDX-License-Identifier: Apache-2.0
#
# docker build --tag misroute .
# docker run --rm --env MISROUTE_DB misroute scan

FROM debian:12-slim AS build
WORKDIR /misroute
# The packages first and alone: they change less often than the sources do.
COPY script/setup script/setup
RUN script/setup build && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake cmake
COPY docs docs
COPY include include
COPY sql sql
COPY src src
RUN cmake --preset release -DBUILD_TESTING=OFF \
    && cmake --build --preset release \
    && cmake --install build/release --strip --prefix /opt/misroute

FROM debian:12-slim
# What the binary is linked to; everything else in it is header-only or static.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates \
        libcurl4 \
        libfmt9 \
        libpq5 \
        libpqxx-6.4 \
        libpugixml1v5 \
        libspdlog1.10 \
        libsqlite3-0 \
        libssl3 \
        libutf8proc2 \
        libyaml-cpp0.7 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin misroute
COPY --from=build /opt/misroute /usr/local
USER 10001
ENTRYPOINT ["misroute"]
CMD ["--help"]
