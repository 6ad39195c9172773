"""Questions that communes, the portal and operators ask a service, and their answers."""
