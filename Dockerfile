# SPDX-License-Identifier: Apache-2.0
#
# docker build --build-arg REVISION="$(git describe --always)" --tag misroute .
# docker run --rm --env MISROUTE_DB misroute scan

FROM debian:12-slim AS build
WORKDIR /misroute
# The packages first and alone: they change less often than the sources do.
COPY script/setup script/setup
RUN script/setup build && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt CMakePresets.json README.md LICENSE ./
COPY cmake cmake
COPY docs docs
COPY include include
COPY packaging packaging
COPY sql sql
COPY src src
# Names the commit in `misroute --version`; the repository itself stays outside of the build.
ARG REVISION=""
RUN cmake --preset release -DBUILD_TESTING=OFF -DMISROUTE_REVISION="$REVISION" \
    && cmake --build --preset release \
    && DESTDIR=/opt/misroute cmake --install build/release --strip --prefix /usr

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
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin misroute \
    && install --directory --owner=misroute --mode=0700 /var/lib/misroute
COPY --from=build /opt/misroute /
# Lines and bars instead of ASCII, and a place for the counts of old slices, which a volume can keep.
ENV LANG=C.UTF-8 XDG_STATE_HOME=/var/lib
USER 10001
ENTRYPOINT ["misroute"]
CMD ["--help"]
