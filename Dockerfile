# The stand-alone server. docker build -t express-amazon-auth . && docker run -p 8080:8080 -v amazon-auth:/data express-amazon-auth
# Each key of application.conf is an environment variable: -e para_public_url=https://auth.example.com

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
# The server has what a host may choose to install, too: Express, and the packages for PostgreSQL and Redis.
RUN npm run build && npm pkg delete devDependencies peerDependenciesMeta && \
  npm prune --ignore-scripts --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production para_port=8080 para_store_url=sqlite:/data/amazon-auth.db
WORKDIR /app
COPY package.json LICENSE ./
COPY config ./config
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# What the server writes: the SQLite file and the key beside it. Nothing, with PostgreSQL and para_secret_key.
RUN install --directory --owner=node --group=node --mode=700 /data
VOLUME /data
USER node
EXPOSE 8080
# Whether the process is up. Whether to send it visitors is another question: /v1/_ready.
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.para_port}/v1/_live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server/cli.js", "serve"]
