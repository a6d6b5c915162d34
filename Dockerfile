# A static program on a distroless base, as a user without rights. Scenarios are mounted:
#
#   docker build -t rollrisk .
#   docker run --rm -v "$PWD:/data" rollrisk run mine.yaml --out out
#
# The directory must be writable for the user of the container (--user "$(id -u)").
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make release OUT=/rollrisk

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /rollrisk /usr/local/bin/rollrisk
WORKDIR /data
ENTRYPOINT ["/usr/local/bin/rollrisk"]
CMD ["--help"]
