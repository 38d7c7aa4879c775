"""The page's routes, in one router."""

from fastapi import APIRouter

from sourcing.api.page import assets, corpus, correcting, draft, export, login

router = APIRouter(include_in_schema=False)
for part in (draft, export, correcting, corpus, login, assets):
    router.include_router(part.router)
