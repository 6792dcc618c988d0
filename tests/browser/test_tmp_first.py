import pytest
from tests.browser.visitor import Visit
@pytest.mark.browser
@pytest.mark.parametrize("js",[True,False])
def test_x(visit, js):
    v=visit(js=js); v.open("/"); print(v.page.title()); v.look("home"); v.open("/s/suivi-tension"); v.look("service")
