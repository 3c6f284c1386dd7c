"""The product's addresses, and a DRF view that does nothing, behind the same middleware."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.urls import urlpatterns as product


class HelloView(APIView):
    """Answers; what a request costs before it does anything."""

    def get(self, request: Request) -> Response:
        """Say hello."""
        return Response({"hello": "world"})


urlpatterns = [
    path("api/v1/sessions/hello", HelloView.as_view()),
    *product,
]
