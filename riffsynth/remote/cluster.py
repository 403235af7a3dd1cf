"""Workers on a Ray cluster: a deployment of Ray Serve with one replica a GPU. Needs the extra `ray`.

Only bytes go to a replica and come back; what they mean is read by `riffsynth.remote.wire` at both ends.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import ray
from ray import serve
from ray.exceptions import RayActorError, RayError, RayTaskError
from ray.serve.exceptions import RayServeException

from riffsynth.errors import RiffsynthError
from riffsynth.remote.making import NobodyThere, Places, ServedModel, load_maker
from riffsynth.remote.wire import FarModel, packed_model, unpacked_model

DEPLOYMENT = "clips"
BEGIN_S = 5.0
"""A replica begins within this, for there is a place for each request; one that does not is not there."""
ATTEMPTS = 2
"""What a replica that died was making, another one makes."""
LOOK_S = 1.0
"""Between two looks at how many replicas are up."""
LOST_S = 10.0
"""A cluster that has not answered for so long is gone."""
HEALTH_S = 1.0
HUNG_S = 15.0
"""A replica that has not answered for so long is killed by Serve and started again."""


class Replica:
    """One worker of the deployment."""

    def __init__(self, served: ServedModel) -> None:
        logger = logging.getLogger("ray.serve")
        self._maker = None
        self._fault: RiffsynthError | None = None
        try:
            self._maker = load_maker(served, logger.warning)
        except RiffsynthError as error:  # told to who asks: Serve itself would try again and again
            self._fault = error

    async def model(self) -> bytes:
        """What it plays, packed. Raises RiffsynthError where it cannot."""
        if self._maker is None:
            raise self._fault or RiffsynthError("no model")
        return packed_model(self._maker.model)

    async def clip(self, body: bytes) -> AsyncIterator[bytes]:
        """Nothing at once, to say that it has begun, then the packed clip."""
        yield b""
        if self._maker is None:
            raise self._fault or RiffsynthError("no model")
        yield await self._maker.clip(body)


class Cluster:
    """The deployment as its owner sees it. Its methods wait for the cluster, and raise RayError where it is gone."""

    def __init__(self, served: ServedModel, name: str, replicas: int | None = None) -> None:
        """Deploys under `name` on the cluster that Ray finds: see `riffsynth.commands.serve.choose_cluster`.

        Raises RiffsynthError where there is no cluster, or its workers cannot load the model.
        """
        self.name = name
        self._served = served
        self._asked = replicas
        self._replicas = 0
        self._deploying: threading.Thread | None = None
        try:
            ray.init(log_to_driver=False, logging_level=logging.ERROR, configure_logging=True)
            logging.getLogger("ray.serve").setLevel(logging.ERROR)
            self.address = str(ray.get_runtime_context().gcs_address)
            serve.start(proxy_location="Disabled")
            self._deploy(1)  # the others follow, and where one of them finds no place this one plays
            self.model = unpacked_model(self.handle.model.remote().result(timeout_s=60.0))
        except RayTaskError as error:
            raise (error.cause if isinstance(error.cause, RiffsynthError) else RiffsynthError(str(error))) from error
        except (RayError, RayServeException, RuntimeError, OSError) as error:
            raise RiffsynthError(f"the Ray cluster cannot be used: {' '.join(str(error).split())[:300]}") from error

    def look(self) -> int:
        """How many workers are up; where the cluster's GPUs have become more or fewer, so many are deployed."""
        if self._wanted() != self._replicas and not (self._deploying and self._deploying.is_alive()):
            self._deploying = threading.Thread(target=self._deploy, args=(self._wanted(),), daemon=True)
            self._deploying.start()  # it waits until all of them are up
        states = serve.status().applications[self.name].deployments[DEPLOYMENT].replica_states
        return int(states.get("RUNNING", 0))

    def close(self) -> None:
        """Takes the deployment down."""
        serve.delete(self.name, _blocking=False)
        ray.shutdown()

    def _wanted(self) -> int:
        return self._asked or max(1, self._gpus())

    def _gpus(self) -> int:
        return int(ray.cluster_resources().get("GPU", 0))

    def _deploy(self, replicas: int) -> None:
        deployment = serve.deployment(
            Replica,
            name=DEPLOYMENT,
            num_replicas=replicas,
            max_ongoing_requests=1,
            ray_actor_options={"num_gpus": min(1, self._gpus())},
            health_check_period_s=HEALTH_S,
            health_check_timeout_s=HUNG_S,
        )
        self._replicas = replicas
        self.handle: Any = serve.run(deployment.bind(self._served), name=self.name, route_prefix=None)


class ClusterMaker:
    """A Maker whose clips are made by a cluster's replicas, one each at a time."""

    def __init__(self, cluster: Cluster) -> None:
        self.places = Places(1)
        self._cluster = cluster
        self._ask = cluster.handle.options(stream=True).clip.remote

    @property
    def model(self) -> FarModel:
        if not self.places.count:
            raise NobodyThere
        model = self._cluster.model
        return replace(model, device=f"{self.places.count} x {model.device}")

    async def clip(self, body: bytes) -> bytes:
        for _ in range(ATTEMPTS):
            try:
                return await self._clip(body)
            except RayTaskError as error:
                raise (error.cause if isinstance(error.cause, Exception) else error) from error
            except RayActorError:
                continue
            except (TimeoutError, RayServeException) as error:
                raise NobodyThere from error
        raise NobodyThere

    async def _clip(self, body: bytes) -> bytes:
        answer = self._ask(body)
        words = aiter(answer)
        try:
            await asyncio.wait_for(anext(words), BEGIN_S)
            made: bytes = await anext(words)
            return made
        except (asyncio.CancelledError, TimeoutError):
            answer.cancel()
            raise

    async def watch(self) -> None:
        """Keeps count of the workers that are up, for as long as the cluster answers. Raises RiffsynthError then."""
        while True:
            try:
                self.places.count = await asyncio.wait_for(asyncio.to_thread(self._cluster.look), LOST_S)
            except (RayError, RayServeException, TimeoutError, KeyError) as error:
                raise RiffsynthError("the Ray cluster is gone") from error
            await asyncio.sleep(LOOK_S)
